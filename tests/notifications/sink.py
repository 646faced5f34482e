"""A mail server of a few lines that keeps what it is given, and can be told to misbehave."""

from __future__ import annotations

import socket
import threading
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType


@dataclass
class SmtpSink:
    """
    Speaks as much of RFC 5321 as smtplib needs, on a port of its own.

    ``refuse_recipients`` maps an address to the reply that it gets; ``drop_after_data`` takes the message
    and hangs up before saying so, as a server that dies does; ``stall_seconds`` makes it silent from the
    greeting on.
    """

    refuse_recipients: dict[str, str] = field(default_factory=dict)
    drop_after_data: int = 0
    stall_seconds: float = 0
    messages: list[EmailMessage] = field(default_factory=list)
    sessions: int = 0

    def __enter__(self) -> SmtpSink:
        self._closing = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self._socket.close()
        self._thread.join(timeout=5)

    def _accept(self) -> None:
        self._socket.settimeout(0.1)
        while not self._closing.is_set():
            try:
                connection, _ = self._socket.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            self.sessions += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rwb") as stream:

            def say(reply: str) -> None:
                stream.write(f"{reply}\r\n".encode())
                stream.flush()

            if self._closing.wait(self.stall_seconds):
                return
            say("220 sink ready")
            while line := stream.readline().decode().strip():
                verb = line.split(" ", 1)[0].upper()
                if verb in ("EHLO", "HELO"):
                    say("250 sink")
                elif verb == "RCPT":
                    address = line.partition("<")[2].partition(">")[0]
                    say(self.refuse_recipients.get(address, "250 fine"))
                elif verb == "DATA":
                    say("354 go on")
                    self.messages.append(_read_message(stream))
                    if self.drop_after_data > 0:
                        self.drop_after_data -= 1
                        return
                    say("250 taken")
                elif verb == "QUIT":
                    say("221 bye")
                    return
                else:
                    say("250 fine")


def _read_message(stream: object) -> EmailMessage:
    lines: list[bytes] = []
    while (line := stream.readline()) not in (b".\r\n", b""):  # type: ignore[attr-defined]
        lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
    message = message_from_bytes(b"".join(lines), policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message
