"""Tiny servers on the loopback interface, for what really goes out."""

from __future__ import annotations

import gzip
import socket
import socketserver
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from loopback import in_thread

BIG = 2 * 1024 * 1024


class Handler(BaseHTTPRequestHandler):
    """Answers by path; `/never` waits until the server is stopped."""

    def do_GET(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        self.server.seen.append((self.command, self.path, dict(self.headers), body))
        if self.path == "/never":
            self.server.stopped.wait()
            return
        if self.path == "/broken":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort")
            return
        status, headers, answer = self._answer(body)
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer)

    do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_GET

    def _answer(self, body):
        if self.path == "/big":
            return 200, [], b"x" * (BIG + 1)
        if self.path == "/full":
            return 200, [], b"x" * BIG
        if self.path == "/zip":
            return 200, [("Content-Encoding", "gzip")], gzip.compress(b"unzipped")
        if self.path == "/moved":
            return 302, [("Location", "/here")], b""
        if self.path == "/away":
            return 302, [("Location", "http://elsewhere.example/")], b""
        if self.path == "/loop":
            return 302, [("Location", "/loop")], b""
        if self.path == "/missing":
            return 404, [("Content-Type", "text/plain")], b"nothing here"
        return 200, [("X-A", "1"), ("X-A", "2")], body or b"hello"

    def log_message(self, *arguments):
        """Says nothing."""


@contextmanager
def serving():
    """An HTTP server in a thread; gives its address and what it has seen."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.seen, server.stopped = [], threading.Event()
    with in_thread(server):
        try:
            yield f"http://127.0.0.1:{server.server_port}", server.seen
        finally:
            server.stopped.set()


class MailHandler(socketserver.StreamRequestHandler):
    """As much of SMTP as one mail needs."""

    def handle(self):
        self.say("220 ready")
        data = None
        while line := self.rfile.readline():
            text = line.decode().rstrip("\r\n")
            if data is not None:
                if text == ".":
                    self.server.mails.append("\n".join(data))
                    data = None
                    self.say("250 taken")
                else:
                    data.append(text)
                continue
            self.server.commands.append(text)
            verb = text.split(":")[0].split(" ")[0].upper()
            if text.upper().startswith("RCPT") and "nobody" in text:
                self.say("550 no such mailbox")
            elif verb == "DATA":
                data = []
                self.say("354 go on")
            elif verb == "EHLO":
                self.say("250-mail.example", "250 AUTH PLAIN")
            elif verb == "AUTH":
                self.say("535 wrong password" if "AGEAd3Jvbmc" in text else "235 welcome")
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 fine")

    def say(self, *lines):
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())


@contextmanager
def mail_server():
    """An SMTP server in a thread; gives its port, the commands and the mails."""
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), MailHandler)
    server.commands, server.mails = [], []
    with in_thread(server):
        yield server.server_address[1], server.commands, server.mails


def closed_port():
    """A port of the loopback interface on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]
