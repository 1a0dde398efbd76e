"""An agent of few words, to try out how agents are spoken to: it keeps what it is told, and answers by reading it out.

`count to 90` makes it count, a number each second; `fall over` ends it, now and whenever it is started again.
"""

import hmac
import json
import os
import signal
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEY = os.environ["DIARY_KEY"]
FOLDER = os.environ["HOME"]
DIARY = os.path.join(FOLDER, "diary.jsonl")
FALLEN = os.path.join(FOLDER, "fallen")


def note(kind, text):
    with open(DIARY, "a", encoding="utf-8") as diary:
        diary.write(json.dumps({"kind": kind, "text": text}) + "\n")


def entries():
    if not os.path.exists(DIARY):
        return []
    with open(DIARY, encoding="utf-8") as diary:
        return [json.loads(line) for line in diary]


def told(body):
    """The last message, of all that were said so far."""
    content = json.loads(body)["messages"][-1]["content"]
    if not isinstance(content, str):
        raise TypeError
    return content


def counted(text):
    return int(text.removeprefix("count to ")) if text.startswith("count to ") else None


class Agent(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.answer(200 if self.path == "/health" else 404, {})

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path != "/reply":
            return self.answer(404, {"error": "there is nothing here"})
        if not hmac.compare_digest(self.headers.get("X-Secret-Key", ""), KEY):
            return self.answer(401, {"error": "the key is wrong"})
        try:
            text = told(body)
        except (ValueError, LookupError, TypeError):
            return self.answer(400, {"error": 'write {"messages": [{"role": "user", "content": "..."}]}'})
        note("told", text)
        if text == "fall over":
            open(FALLEN, "w").close()
            os._exit(1)
        if "text/event-stream" in self.headers.get("Accept", "*/*").replace("*/*", "text/event-stream"):
            return self.stream(text)
        return self.answer(200, {"entries": entries(), "headers": sorted(name.lower() for name in self.headers)})

    def answer(self, status, content):
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def stream(self, text):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-cache")
        self.send_header("Set-Cookie", "diary=1")
        self.send_header("X-Diary", "1")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        try:
            if counted(text) is None:
                for entry in entries():
                    self.event(entry)
            else:
                for number in range(1, counted(text) + 1):
                    self.event({"kind": "number", "text": str(number)})
                    time.sleep(1)
            self.event({"kind": "end", "text": ""})
        except OSError:
            note("left", text)

    def event(self, content):
        self.wfile.write(b"data: " + json.dumps(content).encode() + b"\n\n")
        self.wfile.flush()

    def log_message(self, form, *words):
        print(self.address_string(), form % words, flush=True)


if __name__ == "__main__":
    if os.path.exists(FALLEN):
        sys.exit("it has fallen over")
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    ThreadingHTTPServer(("", 3001), Agent).serve_forever()
