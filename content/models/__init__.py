from .branding import BrandSettings
from .images import CustomImage, CustomRendition
from .menus import Menu, MenuItem
from .pages import ArticleIndexPage, ArticlePage, EditorialPage, HomePage, LandingPage

__all__ = [
    "ArticleIndexPage",
    "ArticlePage",
    "BrandSettings",
    "CustomImage",
    "CustomRendition",
    "EditorialPage",
    "HomePage",
    "LandingPage",
    "Menu",
    "MenuItem",
]
