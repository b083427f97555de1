"""midjourney-proxy's free calls: one task, many tasks, the seed of one (seed 001, 类型3; contracts_mjproxy.md 11)."""

from urllib.parse import unquote

from mjasync.core.wire import HttpResponse
from mjasync.sim.jobs import Phase
from mjasync.sim.mjproxy import checks
from mjasync.sim.mjproxy.refusals import invalid, reply, told, unreadable
from mjasync.sim.mjproxy.tasks import rows, task
from mjasync.sim.replies import Call, Refusal


def fetch(call: Call) -> HttpResponse:
    """GET /mj/task/{id}/fetch."""
    remote_id = _id_of(call)
    call.world.ledger.looks[remote_id] += 1
    job = call.world.find_job(call.account, remote_id)
    if job is None:
        raise Refusal("unknown_job", "task_no_found")
    return told(task(call.world, job, call.base))


def list_by_condition(call: Call) -> HttpResponse:
    """POST /mj/task/list-by-condition: a bare list, in the table's order; ids that are not there are left out."""
    ids = checks.body(call, "list-by-condition").get("ids")
    if not isinstance(ids, list) or not all(isinstance(one, str) for one in ids):
        raise unreadable(f"ids is {ids!r}, not a list of texts", "do_request_failed")
    call.world.ledger.looks.update(ids)
    found = [call.world.find_job(call.account, one) for one in dict.fromkeys(ids)]
    jobs = sorted((job for job in found if job), key=lambda job: (job.accepted_at, job.ordinal))
    return told([row for job in jobs for row in rows(call.world, job, call.base)])


def image_seed(call: Call) -> HttpResponse:
    """GET /mj/task/{id}/image-seed: the number at once, as text."""
    job = call.world.find_job(call.account, _id_of(call))
    if job is None:
        raise Refusal("unknown_job", "task_no_found")
    if job.phase(call.world.now()) is not Phase.DONE or not job.scenes:
        raise invalid("关联任务状态错误", "image-seed of a task without finished pictures")
    return reply({"code": 1, "description": "成功", "properties": {}, "result": job.seed})


def _id_of(call: Call) -> str:
    return unquote(call.request.url.rpartition("/mj/task/")[2].partition("/")[0])
