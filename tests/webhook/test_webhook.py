import subprocess
import sys

from mjasync import webhook


def test_the_package_names_what_a_face_needs():
    assert ["Answer", "Asgi", "Counts", "Door", "Head", "MaskTokens", "Receiver"] == webhook.__all__


def test_it_brings_no_server_along():
    code = "import sys, mjasync.webhook; print('aiohttp' in sys.modules)"

    assert (
        "False"
        == subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    )
