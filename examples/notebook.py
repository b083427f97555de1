# ruff: noqa: F704, PLE1142
"""A notebook as cells: open it in an editor that knows `# %%`, or with Jupytext. Needs MJASYNC_TTAPI_KEY."""

# %%
import os

import mjasync as mj

pool = mj.Pool(mj.TTAPI(key=os.environ["MJASYNC_TTAPI_KEY"]))

# %% a job shows itself; mj.show keeps the cell up to date
cat = pool.imagine("a black cat")
await mj.show(cat)

# %% interrupting a cell ends the wait, never the job
tile = await cat.upscale(2)
print(tile.image)

# %%
await mj.show(pool.batch("a {red, blue} boat"))

# %%
await pool.aclose()
