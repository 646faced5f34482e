from .authors import ArticleAuthor, ArticleTag, Author
from .branding import BrandSettings, ErrorPages
from .images import CustomImage, CustomRendition
from .menus import Menu, MenuItem
from .pages import ArticleIndexPage, ArticlePage, EditorialPage, HomePage, LandingPage

__all__ = [
    "ArticleAuthor",
    "ArticleIndexPage",
    "ArticlePage",
    "ArticleTag",
    "Author",
    "BrandSettings",
    "CustomImage",
    "CustomRendition",
    "EditorialPage",
    "ErrorPages",
    "HomePage",
    "LandingPage",
    "Menu",
    "MenuItem",
]
