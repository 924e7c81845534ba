"""Writes detection.json: average precision of boxes by pycocotools, the code of the COCO benchmark.

    make reference

One class, no crowds, boxes of every size, at most 100 detections a picture: at each threshold of IoU the mean of the
precision at 101 recalls. This project's own code is only compared, at the end.
"""

import contextlib
import io
import json
from importlib.metadata import version
from pathlib import Path

import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

THRESHOLDS = np.linspace(0.5, 0.95, 10)


def random_pictures(random, pictures, *, truths, detections, digits=6, near=0.7):
    """Pictures of boxes: most detections lie near a truth, and some of them near the same one."""
    found = []
    for _ in range(pictures):
        corner, size = random.uniform(0, 60, (2, truths, 2)), random.uniform(5, 30, (2, truths, 2))
        true = np.concatenate([corner[0], corner[0] + size[0]], axis=1)
        boxes = np.empty((detections, 4))
        for row in range(detections):
            if truths and random.uniform() < near:
                boxes[row] = true[random.integers(truths)] + random.normal(0, 2, 4)
            else:
                corner = random.uniform(0, 60, 2)
                boxes[row] = [*corner, *(corner + random.uniform(5, 30, 2))]
        boxes[:, 2:] = np.maximum(boxes[:, 2:], boxes[:, :2])
        found.append((boxes.round(3), random.uniform(size=detections).round(digits), true.round(3)))
    return found


def cases():
    """Names, and pictures: detected boxes [n, 4], scores [n] and true boxes [m, 4]."""
    random = np.random.default_rng(20)
    one = np.array([[10.0, 10.0, 30.0, 30.0]])
    none = np.zeros((0, 4))
    yield "one object a picture", random_pictures(random, 30, truths=1, detections=6)
    yield "crowded pictures", random_pictures(random, 12, truths=7, detections=25)
    yield "tied scores", random_pictures(random, 20, truths=3, detections=9, digits=1)
    yield "scores of 0 and 1", random_pictures(random, 10, truths=2, detections=5, digits=0)
    yield "mostly wrong", random_pictures(random, 10, truths=2, detections=40, near=0.1)
    yield "pictures without an object", [
        *random_pictures(random, 5, truths=2, detections=4), *random_pictures(random, 5, truths=0, detections=3),
    ]  # fmt: skip
    yield "pictures without a detection", [
        *random_pictures(random, 5, truths=2, detections=4), *random_pictures(random, 5, truths=2, detections=0),
    ]  # fmt: skip
    yield "no detection at all", [(none, np.zeros(0), one)]
    yield "duplicates", [(np.repeat(one, 4, axis=0), np.array([0.9, 0.8, 0.7, 0.6]), one)] * 3
    yield "equal truths", [(np.repeat(one, 3, axis=0), np.array([0.9, 0.9, 0.2]), np.repeat(one, 2, axis=0))]
    yield "exact", [(one, np.array([0.3]), one)]
    yield "two truths, one detection between them", [
        (np.array([[10.0, 0, 20, 10], [12.0, 0, 22, 10]]), np.array([0.5, 0.9]),
         np.array([[10.0, 0, 20, 10], [13.0, 0, 23, 10]])),
    ]  # fmt: skip


def sides(box):
    """x, y, width, height."""
    return [*box[:2].tolist(), *(box[2:] - box[:2]).tolist()]


def by_coco(pictures):
    """The average precision at each threshold."""
    truths = [
        {"id": 1, "image_id": number, "category_id": 1, "bbox": sides(box), "area": float(np.prod(box[2:] - box[:2])),
         "iscrowd": 0}
        for number, (_, _, true) in enumerate(pictures) for box in true
    ]  # fmt: skip
    for number, truth in enumerate(truths, 1):
        truth["id"] = number
    found = [
        {"image_id": number, "category_id": 1, "bbox": sides(box), "score": float(score)}
        for number, (boxes, scores, _) in enumerate(pictures)
        for box, score in zip(boxes, scores, strict=True)
    ]
    with contextlib.redirect_stdout(io.StringIO()):
        data = COCO()
        data.dataset = {
            "info": {}, "images": [{"id": number} for number in range(len(pictures))], "annotations": truths,
            "categories": [{"id": 1}],
        }  # fmt: skip
        data.createIndex()
        if found:
            other = data.loadRes(found)
        else:
            other = COCO()
            other.dataset = {**data.dataset, "annotations": []}
            other.createIndex()
        run = COCOeval(data, other, "bbox")
        run.params.iouThrs = THRESHOLDS
        run.evaluate()
        run.accumulate()
    precision = run.eval["precision"][:, :, 0, 0, -1]  # thresholds, recalls; all sizes, at most 100 detections
    return precision.mean(axis=1)


def padded(pictures):
    """The same as arrays: boxes, scores with -inf where there is none, truths, and which of them exist."""
    most, many = (max(1, *(len(picture[at]) for picture in pictures)) for at in (1, 2))
    boxes, scores = np.zeros((len(pictures), most, 4)), np.full((len(pictures), most), -np.inf)
    truths, exists = np.zeros((len(pictures), many, 4)), np.zeros((len(pictures), many), bool)
    for row, (found, score, true) in enumerate(pictures):
        boxes[row, : len(found)], scores[row, : len(score)] = found, score
        truths[row, : len(true)], exists[row, : len(true)] = true, True
    return boxes, scores, truths, exists


def blocks():
    from core.metrics.detection import box_average_precision

    for name, pictures in cases():
        expected = by_coco(pictures)
        boxes, scores, truths, exists = padded(pictures)
        ours = box_average_precision(boxes, scores, truths, THRESHOLDS, exists=exists)
        print(f"{name}: {expected.round(3).tolist()}, ours differ by {np.abs(ours - expected).max():.2g}")
        yield {
            "name": name,
            "pictures": [[part.tolist() for part in picture] for picture in pictures],
            "thresholds": THRESHOLDS.tolist(),
            "average_precision": expected.tolist(),
        }


if __name__ == "__main__":
    found = {
        "library": {name: version(name) for name in ("pycocotools", "numpy")},
        "script": Path(__file__).name,
        "cases": list(blocks()),
    }
    Path(__file__).with_name("detection.json").write_text(json.dumps(found, separators=(",", ":")) + "\n")
