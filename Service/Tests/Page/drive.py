#!/usr/bin/env python3
"""Drives the service's page with a headless Chromium: drive.py URL IMAGE FOLDER

Images are picked, dropped and pasted, tasks are changed by the keyboard, at 1280 and 320 pixels, light and dark; the answers must
be there, nothing may be asked of anybody else, and no error may be reported. Screenshots are written to FOLDER. Needs nothing but
Python and Chromium (CHROMIUM is another program than `chromium`). The exit status is 0 only when everything was as it should be.
"""

import base64
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path


class Browser:
    """Chromium by its debugging protocol through a pair of pipes: a JSON object and a zero byte for each message."""

    def __init__(self, profile):
        ours_in, theirs_out = os.pipe()
        theirs_in, ours_out = os.pipe()

        def place():
            # High numbers first, since one of the pipes may be 3 or 4 itself.
            a, b = os.dup(theirs_in), os.dup(theirs_out)
            high_a, high_b = max(a, b, 64) + 1, max(a, b, 64) + 2
            os.dup2(a, high_a)
            os.dup2(b, high_b)
            os.dup2(high_a, 3)
            os.dup2(high_b, 4)

        program = os.environ.get("CHROMIUM", "chromium")
        flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                 "--disable-background-networking", "--disable-component-update", "--remote-debugging-pipe",
                 f"--user-data-dir={profile}", "about:blank"]
        self.process = subprocess.Popen([program] + flags, preexec_fn=place, close_fds=False,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(theirs_in)
        os.close(theirs_out)
        self.reading, self.writing = ours_in, ours_out
        self.buffer, self.number, self.events, self.session = b"", 0, [], None

    def receive(self):
        while b"\0" not in self.buffer:
            data = os.read(self.reading, 1 << 20)
            if not data:
                sys.exit("the browser has ended")
            self.buffer += data
        message, _, self.buffer = self.buffer.partition(b"\0")
        return json.loads(message)

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.writing, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") == self.number:
                if "error" in answer:
                    sys.exit(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def run(self, script):
        result = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            sys.exit(f"{script}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def wait(self, script, what, seconds=60):
        end = time.time() + seconds
        while not self.run(script):
            if time.time() > end:
                sys.exit(f"{what}: not within {seconds} seconds; status: {self.run('document.body.innerText')}")
            time.sleep(0.1)

    def press(self, key, code):
        for kind in ("keyDown", "keyUp"):
            # A button is pressed by the character, not by the key.
            text = {"text": "\r"} if kind == "keyDown" and code == 13 else {}
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code, **text)

    def size(self, width, height, dark):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)
        scheme = "dark" if dark else "light"
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def picture(self, path):
        data = self.call("Page.captureScreenshot", captureBeyondViewport=True)["data"]
        Path(path).write_bytes(base64.b64decode(data))


ANSWERED = "/answered/.test(document.getElementById('status').textContent)"
FILE = """(() => { const bytes = Uint8Array.from(atob('%s'), (c) => c.charCodeAt(0));
  const data = new DataTransfer(); data.items.add(new File([bytes], '%s', {type: 'image/jpeg'})); return data; })()"""


def check(condition, what):
    if not condition:
        sys.exit(what)
    print(f"ok: {what}", flush=True)


def count(browser, selector):
    return browser.run(f"document.querySelectorAll('{selector}').length")


def main(url, image, folder):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    encoded = base64.b64encode(Path(image).read_bytes()).decode()
    with tempfile.TemporaryDirectory(prefix="visionnet-page.", ignore_cleanup_errors=True) as profile:
        browser = Browser(profile)
        try:
            drive(browser, url, str(Path(image).resolve()), encoded, folder)
        finally:
            browser.process.kill()
            browser.process.wait()


def drive(browser, url, image, encoded, folder):
    target = browser.call("Target.createTarget", url="about:blank")["targetId"]
    browser.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    for domain in ("Network", "Page", "Runtime", "Log", "DOM", "Accessibility"):
        browser.call(f"{domain}.enable")
    browser.size(1280, 800, dark=False)
    browser.call("Page.navigate", url=url)
    browser.wait("document.querySelectorAll('input[name=task]').length >= 2", "the tasks")

    # By file, at 1280 pixels.
    node = browser.run("document.getElementById('files') && true") and browser.call(
        "DOM.querySelector", nodeId=browser.call("DOM.getDocument")["root"]["nodeId"], selector="#files")["nodeId"]
    browser.call("DOM.setFileInputFiles", nodeId=node, files=[image])
    browser.wait(ANSWERED, "the labels of a picked image")
    check(count(browser, "#results .row") == 5, "a picked image has five labels")
    browser.picture(folder / "labels-1280.png")

    # Where the evidence for a label is, by the keyboard.
    browser.run("document.querySelector('#results ol button').focus()")
    browser.press("Enter", 13)
    browser.wait("document.querySelector('.heat')?.complete && document.querySelector('.heat').naturalWidth > 0", "the heat map")
    check(browser.run("document.querySelector('#results ol button').getAttribute('aria-pressed')") == "true"
          and browser.run("document.querySelector('.heat').alt").startswith("Where"), "a label shows its evidence")
    browser.picture(folder / "evidence-1280.png")
    browser.press("Enter", 13)
    check(count(browser, ".heat") == 0, "pressed again, it shows the image")

    # Drop and paste.
    browser.run(f"document.dispatchEvent(new DragEvent('drop', {{dataTransfer: {FILE % (encoded, 'dropped.jpg')}, bubbles: true}}))")
    browser.wait("document.querySelectorAll('#results .row').length === 10", "the labels of a dropped image")
    browser.run(
        f"document.dispatchEvent(new ClipboardEvent('paste', {{clipboardData: {FILE % (encoded, 'pasted.jpg')}, bubbles: true}}))")
    browser.wait("document.querySelectorAll('#results .row').length === 15", "the labels of a pasted image")
    check(count(browser, "#results > li") == 3, "three images are a grid")

    # The keyboard: Tab reaches everything, arrows change the task.
    reached = []
    browser.run("document.activeElement.blur()")
    # Beyond the last label it goes on with the first control.
    for _ in range(30):
        browser.press("Tab", 9)
        reached.append(browser.run("document.activeElement.id || document.activeElement.name"))
    check({"task", "model", "files", "photo", "clear"} <= set(reached), f"Tab reaches {sorted(set(filter(None, reached)))}")
    browser.run("document.querySelector('input[name=task]').focus()")
    browser.press("ArrowDown", 40)
    browser.wait(f"{ANSWERED} && document.querySelectorAll('#results svg').length === 3", "the boxes after an arrow key")
    check(count(browser, "#results rect:not(.halo)") >= 3, "objects have boxes")
    check(count(browser, "#results ol button[aria-label]") == count(browser, "#results rect:not(.halo)"),
          "each box has a line that screen readers tell")
    browser.picture(folder / "boxes-1280.png")

    # 320 pixels, dark.
    browser.size(320, 640, dark=True)
    check(browser.run("document.documentElement.scrollWidth") <= 320, "nothing is wider than 320 pixels")
    check(browser.run("getComputedStyle(document.body).backgroundColor") == "rgb(21, 24, 29)", "the dark page is dark")
    browser.picture(folder / "boxes-320-dark.png")
    browser.run("document.querySelector('input[name=task]').click()")
    browser.wait(f"{ANSWERED} && document.querySelectorAll('#results svg').length === 0", "the labels again")
    browser.run("document.querySelector('#results ol button').click()")
    browser.wait("document.querySelector('.heat')?.naturalWidth > 0", "the heat map at 320 pixels")
    browser.picture(folder / "evidence-320-dark.png")

    controls = [node for node in browser.call("Accessibility.getFullAXTree")["nodes"]
                if node.get("role", {}).get("value") in ("button", "radio", "combobox", "slider") and not node.get("ignored")]
    nameless = [node for node in controls if not node.get("name", {}).get("value")]
    check(controls and not nameless, f"all {len(controls)} controls have names {nameless[:1]}")

    asked = [event["params"]["request"]["url"] for event in browser.events if event["method"] == "Network.requestWillBeSent"]
    others = [one for one in asked if not one.startswith((url, "blob:", "data:"))]
    check(asked and not others, f"{len(asked)} requests, none to elsewhere {others[:3]}")
    faults = [event["params"] for event in browser.events if event["method"] == "Runtime.exceptionThrown"
              or event["method"] == "Log.entryAdded" and event["params"]["entry"]["level"] == "error"]
    check(not faults, f"no error is reported {faults[:2]}")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__.strip())
    main(*sys.argv[1:])
