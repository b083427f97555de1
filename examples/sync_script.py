"""The same without await: a script that waits line by line. Needs MJASYNC_TTAPI_KEY."""

import os

import mjasync as mj

with mj.sync(mj.Pool(mj.TTAPI(key=os.environ["MJASYNC_TTAPI_KEY"]))) as pool:
    cat = pool.imagine("a black cat").upscale(2).result()
    print(cat.save("cat"))
    for outcome in pool.batch(["a red boat", "a blue boat"]):
        print(outcome.prompt, "->", outcome.value.image if outcome.ok else outcome.error)
