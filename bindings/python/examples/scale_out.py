"""Adds nodes to a cluster, and says what to do for every way that can end.

Try it without an account: `python scale_out.py --local`.
"""

from __future__ import annotations

import sys

import cs_scale_out
from cs_scale_out import ClientOptions, DataDisk, ScaleOutResult, Tag
from cs_scale_out.testing import LocalAck


def add_nodes(cluster_id: str, count: int, client: ClientOptions | None = None) -> ScaleOutResult:
    """A data disk and a tag on each of `count` new nodes."""
    disks: list[DataDisk] = [{"category": "cloud_ssd", "size": 120}]
    tags: list[Tag] = [{"key": "tier", "value": "frontend"}]
    return cs_scale_out.scale_out(
        cluster_id,
        count=count,
        key_pair="common",
        vswitch_ids=["vsw-uf684tfrpwup8gcsw"],
        worker_instance_types=["ecs.c5.xlarge"],
        worker_system_disk_category="cloud_efficiency",
        worker_system_disk_size=120,
        worker_data_disk=True,
        worker_data_disks=disks,
        tags=tags,
        client=client,
    )


def main(cluster_id: str, client: ClientOptions | None = None) -> int:
    """Prints what came of it; the exit code is the status's number."""
    try:
        result = add_nodes(cluster_id, 1, client)
    except cs_scale_out.OutcomeUnknown as unknown:
        for candidate in unknown.candidates or ():
            print(f"perhaps task {candidate.task_id}, {candidate.state}")
        print(f"do not retry yet: {unknown}", file=sys.stderr)
        return -unknown.status
    except cs_scale_out.NotSent as unsent:
        print(f"nothing was sent, try again: {unsent}", file=sys.stderr)
        return -unsent.status
    except cs_scale_out.ScaleOutError as error:
        print(error, file=sys.stderr)
        return -error.status
    print(f"task {result.task_id}, request {result.request_id}")
    return 0


if __name__ == "__main__":
    if sys.argv[1:] == ["--local"]:
        with LocalAck() as ack:
            sys.exit(main("c82e6987e2961451182edacd74faf", ack.client))
    sys.exit(main(sys.argv[1]))
