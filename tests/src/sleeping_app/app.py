"""Says what it got, repeats what comes over a web socket, and has a page and a stream of events."""

import base64
import hashlib
import json
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# RFC 6455, 1.3.
WEB_SOCKET = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.headers.get("Upgrade") == "websocket":
            return self.repeat()
        if self.path.startswith("/page"):
            return self.send("text/html", b"<!doctype html><title>Shop</title><h1>The shop is open</h1>")
        if self.path == "/events":
            return self.tell()
        self.say(b"")

    def do_POST(self):
        self.say(self.rfile.read(int(self.headers["Content-Length"])))

    def say(self, body):
        said = {
            "app": "awake",
            "path": self.path,
            "host": self.headers["Host"],
            "proto": self.headers.get("X-Forwarded-Proto"),
            "bytes": len(body),
            "sha256": hashlib.sha256(body).hexdigest(),
        }
        self.send("application/json", json.dumps(said).encode())

    def send(self, media_type, text):
        self.send_response(200)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def tell(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(b"data: hello\n\n")
        self.wfile.flush()
        # Nothing more is said until the reader leaves.
        self.connection.recv(1)
        self.close_connection = True

    def repeat(self):
        key = self.headers["Sec-WebSocket-Key"].encode()
        self.send_response(101)
        self.send_header("Connection", "Upgrade")
        self.send_header("Upgrade", "websocket")
        self.send_header("Sec-WebSocket-Accept", base64.b64encode(hashlib.sha1(key + WEB_SOCKET).digest()).decode())
        self.end_headers()
        self.wfile.flush()
        while data := self.connection.recv(4096):
            self.connection.sendall(data)
        self.close_connection = True


signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
ThreadingHTTPServer(("", 8080), Handler).serve_forever()
