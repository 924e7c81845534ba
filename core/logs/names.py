"""What a column's name says: an axis, a curve of training or of validation, which quantity, whether less is better."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

MOST_LETTERS = 80


def bag_of(words: str) -> frozenset[str]:
    """The words of a text, parted by spaces."""
    return frozenset(words.split())


TRAINING = bag_of("train training tr trn learn trainset")
TEST = bag_of("test testing tst")
VALIDATION = TEST | bag_of("val valid validation vl vld eval evaluation dev holdout heldout oof crossval")
PHASES = bag_of("phase split mode stage set subset partition dataset type kind loop data context")
# Columns whose words name the curve of a long table, and those whose words tell runs apart.
KEYS = bag_of("metric key tag name variable series measure scalar field type kind")
RUNS = bag_of("run runs fold folds seed trial experiment exp replicate repeat rep replica job cv")
VARIANTS = bag_of("name model optimizer method config variant setting algorithm algo version group label")
STATES = frozenset({"state", "status"})
EPOCHS = frozenset({"epoch", "epochs", "ep"})
STEPS = bag_of(
    "step steps iteration iterations iter iters it update updates batch batches round rounds minibatch "
    "timestep timesteps interacts trees"
)
# Counted like steps, but called by their own name: "best at episode 120".
COUNTS: Mapping[str, str] = {
    **dict.fromkeys(("episode", "episodes"), "episode"),
    **dict.fromkeys(("token", "tokens"), "token"),
    **dict.fromkeys(("frame", "frames"), "frame"),
    **dict.fromkeys(("sample", "samples", "example", "examples"), "sample"),
}

# The quantities of which less is better, by the words that name them. "loss" is one that the name does not tell.
QUANTITIES: Mapping[str, str] = {
    **dict.fromkeys(("loss", "losses", "cost", "objective", "criterion"), "loss"),
    **dict.fromkeys(bag_of("ce xent crossentropy nll bce bcewithlogits logloss mlogloss softmaxloss"), "cross-entropy"),
    **dict.fromkeys(("ppl", "perplexity"), "perplexity"),
    **dict.fromkeys(("mse", "l2", "sse"), "MSE"),
    **dict.fromkeys(("mae", "l1"), "MAE"),
    **dict.fromkeys(("bpc", "bpb", "bpd"), "bits"),
    **dict.fromkeys(("error", "errors", "err", "merror"), "error"),
    **{word: word.upper() for word in bag_of("rmse mape smape msle rmsle wer cer eer fid lpips")},
    **{word: word for word in bag_of("huber logcosh hinge deviance poisson regret smoothl1 pinball")},
}
_AIMS = frozenset({"objective", "criterion"})
# More is better: drawn, never judged as a loss.
MORE_IS_BETTER = bag_of(
    "acc accuracy reward rewards rew return returns ret f1 fbeta fscore f1score auc auroc aucpr auprc roc ap map ap50 "
    "map50 map75 map5095 iou miou dice jaccard r2 score scores precision recall sensitivity specificity bleu rouge "
    "meteor psnr ssim top1 top5 kappa mcc ndcg mrr success win winrate correlation corr pearson spearman similarity "
    "likelihood elbo fitness hits nmi ari f2 em exactmatch chrf"
)
# What an agent is paid. Beside it a loss is that of a policy or a critic.
REWARDS = bag_of("reward rewards rew return returns ret eprew epret")
_PREFERENCE = bag_of("chosen rejected margin margins accuracy accuracies model")  # rewards of DPO: its loss must fall
# No loss, and neither end is better: rates, times, sizes, norms.
_NEITHER = bag_of(
    "lr time seconds sec secs ms runtime elapsed duration eta memory mem gpu cpu ram vram grad gradient gradients "
    "gradnorm norm gnorm throughput fps speed momentum decay beta scale weight coef coefficient lambda factor "
    "temperature timestamp date datetime wall std var stdev num size params flops seed fold util length len sps second "
    "percent percentage progress remaining"
)
# Behind "loss" they make it another thing: loss_scale, loss_std, loss_weight.
_OF_A_LOSS = bag_of("scale scaler weight weights coef coefficient factor std var stdev time norm count num")
_TOTAL = bag_of("total overall sum full combined all joint")
# Not the curve itself, but what was made of it.
_DERIVED = bag_of(
    "best min minimum max maximum lowest smooth smoothed ema sma prev previous delta running target baseline"
)
_QUALIFIERS = bag_of(
    "mean avg average epoch epochs step steps iter iteration batch per the of on s running raw value metrics metric "
    "scalars scalar logs log function data dataset set final current global binary multi multiclass categorical sparse "
    "softmax mini logits with reduced rate column"
)
# Terms of a sum of losses. Any other word beside "loss" may be the name of a data set: eval_imdb_loss.
_TERMS = bag_of(
    "box bbox cls class dfl obj objectness rpn mask reg giou ciou keypoint kl recon rec reconstruction aux auxiliary "
    "commit commitment vq perceptual style content tv consistency cycle idt identity contrastive triplet center l1 l2 "
    "ce bce mse mae dice iou penalty regularization regularizer reg mlm nsp itc itm distill kd depth seg rot loc conf "
    "noobj physics pde bc ic boundary residual initial rgb color feat feature"
)
# Losses that need not fall, by what they belong to.
ADVERSARIAL, ACTOR_CRITIC, DIVERGENCE = "adversarial", "actor-critic", "divergence"
_NEED_NOT_FALL: Mapping[str, str] = {
    **dict.fromkeys(bag_of("generator discriminator gen disc gan wgan adversarial adv d g fake"), ADVERSARIAL),
    **dict.fromkeys(bag_of("actor critic policy pi pg vf q qf qf1 qf2 entropy surrogate"), ACTOR_CRITIC),
    **dict.fromkeys(bag_of("kl kld kldiv"), DIVERGENCE),
}
SHORT = {"acc": "accuracy", "losses": "loss", "err": "error"}
# What may stand beside "epoch" or "step" in the name of an axis: trainer/global_step, train/epoch, _step, n_iter.
_BESIDE = TRAINING | VALIDATION | bag_of("trainer global current num index number n id idx total no env boosting of")
_FIRST = frozenset({"global", "total"})  # of several columns of steps, these count the whole run
_NO_METRIC = VALIDATION | TRAINING | {"epoch", "step"}
_PIECES = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_PARTS = re.compile(r"[^\W\d_]+[0-9]*|[0-9]+[^\W\d_]*")
_PHRASES = {
    "root mean squared error": "rmse",
    "mean squared error": "mse",
    "squared error": "mse",
    "mean absolute error": "mae",
    "mean absolute percentage error": "mape",
    "absolute error": "mae",
    "cross entropy": "crossentropy",
    "log loss": "logloss",
    "negative log likelihood": "nll",
    "neg log likelihood": "nll",
    "smooth l1": "smoothl1",
    "log cosh": "logcosh",
    "learning rate": "lr",
    "held out": "heldout",
    "bits per byte": "bpb",
    "bits per char": "bpc",
    "bits per dim": "bpd",
    "grad norm": "gradnorm",
    "exact match": "exactmatch",
    "explained variance": "r2",
}
_OF_A_VALUE = re.compile(
    r"(?i)value(?:[ _./-]?(?:function|fn|f|head))?[ _./-]?loss|loss(?:es)?/(?:\w+_)?value(?![a-z])"
)
_SUBSET = re.compile(r"""["'](?:subset|split|phase|mode|stage)["']\s*:\s*["'](\w+)["']""")
_PHRASE = re.compile(r"(?<!\S)(?:" + "|".join(sorted(_PHRASES, key=len, reverse=True)) + r")(?!\S)")
_KNOWN = (
    TRAINING | VALIDATION | EPOCHS | STEPS | MORE_IS_BETTER | frozenset(QUANTITIES) | frozenset(_NEED_NOT_FALL)
) - {"d", "g", "q"}
_GLUE = frozenset(QUANTITIES) | MORE_IS_BETTER
_WHOSE = sorted((TRAINING | VALIDATION) - {"learn"}, key=len, reverse=True)


def clean(name: object) -> str:
    """A name as one printable line of at most 80 characters; what cannot be printed is a space."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in str(name)[:4000]).split())
    return line if len(line) <= MOST_LETTERS else line[: MOST_LETTERS - 1] + "…"


def words(name: str) -> list[str]:
    """The words of a name, in lower case: "trainLoss", "train/loss", "trainloss" -> train, loss.

    Words with a standard short form are that: "cross_entropy" -> crossentropy, "mean_squared_error" -> mse.
    """
    return list(_words(name))


@lru_cache(maxsize=20_000)
def _words(name: str) -> tuple[str, ...]:
    own = name.rpartition(" - ")[2]  # Weights & Biases writes "run - train/loss"
    found: list[str] = []
    for piece in _PIECES.findall(own):
        if piece.lower() in _KNOWN:
            found.append(piece.lower())
            continue
        for part in _CAMEL.split(piece):
            found += _unglued(part.lower())
    return tuple(_PHRASE.sub(lambda match: _PHRASES[match[0]], " ".join(found)).split())


def _unglued(word: str) -> list[str]:
    if word in _KNOWN:
        return [word]
    bare = word.rstrip("0123456789")
    if bare != word and bare in _KNOWN:  # loss2, validation0
        return [bare, word[len(bare) :]]
    for whose in _WHOSE:
        if word.startswith(whose) and word[len(whose) :] in _GLUE:
            return [whose, word[len(whose) :]]
        if word.endswith(whose) and word[: -len(whose)] in _GLUE:
            return [word[: -len(whose)], whose]
    if word[1:] in ("loss", "err") and word[0] in "dgq":
        return [word[0], word[1:]]
    return _PARTS.findall(word)


@dataclass(frozen=True)
class Meaning:
    """What a name says.

    `axis` is "epoch", "step" or another thing that is counted, for a column that counts it, else "". `whose` is
    "validation", "train" or, where no word says it, ""; `is_test` where that word is "test". `metric` is what is
    measured ("loss" of train_loss_epoch, of val/loss, of loss_step). Of an `is_loss` less is better, and of a
    `more_is_better` more.

    Of a loss: `quantity` is what may be compared ("loss", "cross-entropy", "MAE" ...); `part` the words that make it
    one term of several, "" for the whole; `is_total` where a word says that it is; `is_derived` for a running best, a
    moving average; `need_not_fall` the kind of loss that it is where such a loss need not fall, else "".
    """

    axis: str
    whose: str
    metric: str
    is_loss: bool
    is_test: bool = False
    more_is_better: bool = False
    quantity: str = ""
    part: str = ""
    is_total: bool = False
    is_derived: bool = False
    need_not_fall: str = ""
    no_loss: bool = False  # a rate, a time, a size: neither less nor more is better
    first: bool = False  # of an axis: the one that counts the whole run

    @property
    def role(self) -> str:
        """Whose curve it is; a bare loss is a training loss, any other bare metric is "other"."""
        return self.whose or ("train" if self.is_loss else "other")

    @property
    def is_term(self) -> bool:
        """True for one term of a sum of losses, by its name."""
        return bool(set(self.part.split()) & _TERMS)


@lru_cache(maxsize=20_000)
def meaning(name: str) -> Meaning:
    """What this name says, on its own."""
    own = words(name)
    bag = frozenset(own)
    whose = "validation" if bag & VALIDATION else "train" if bag & TRAINING else ""
    measured = "_".join(SHORT.get(word, word) for word in own if word not in _NO_METRIC) or "value"
    axis, first = _axis(own)
    if axis:
        return Meaning(axis, whose, measured, False, first=first)
    is_test = bool(bag & TEST) and not bag & (VALIDATION - TEST)
    quantities = [word for word in own if word in QUANTITIES and word not in TRAINING | VALIDATION]
    kinds = {_NEED_NOT_FALL[word] for word in own if word in _NEED_NOT_FALL}
    named = any(QUANTITIES[word] in ("loss", "cross-entropy") and word not in _AIMS for word in quantities)
    of_value = named and bool(_OF_A_VALUE.search(name))  # train/value_loss, as Stable-Baselines writes it
    if of_value:
        kinds.add(ACTOR_CRITIC)
    is_loss, better = _direction(own, bag, bool(quantities), named)
    if not is_loss and not better and DIVERGENCE in kinds and not bag & _NEITHER:
        is_loss = True  # "kl" alone
    bare = whose and all(word in VALIDATION | TRAINING | _QUALIFIERS or word.isdigit() for word in bag)
    if bare and not name.endswith("%"):
        is_loss = True  # train, val: nothing but whose curve it is
    if not is_loss:
        return Meaning("", whose, measured, False, is_test, better, no_loss=bool(bag & _NEITHER or bare))
    known = [QUANTITIES[word] for word in quantities]
    quantity = next((one for one in known if one != "loss"), "loss")
    part = [
        word
        for word in own
        if word not in TRAINING | VALIDATION | _QUALIFIERS | _TOTAL | _DERIVED and word not in QUANTITIES
    ]
    if bag & _TOTAL:
        part = [word for word in part if word in _TERMS]
    part = ["value"] * of_value + [word for at, word in enumerate(part) if not word.isdigit() or at]
    return Meaning(
        axis="",
        whose=whose,
        metric=measured,
        is_loss=True,
        is_test=is_test,
        quantity=quantity,
        part=" ".join(part),
        is_total=bool(bag & _TOTAL),
        is_derived=bool(bag & _DERIVED),
        need_not_fall=next((kind for kind in (ACTOR_CRITIC, ADVERSARIAL, DIVERGENCE) if kind in kinds), ""),
    )


def _direction(own: list[str], bag: frozenset[str], has_quantity: bool, named: bool) -> tuple[bool, bool]:
    """Whether less is better, and whether more is."""
    negative = bool(bag & {"neg", "negative"})
    if bag & _AIMS and bag & MORE_IS_BETTER and not named:
        return False, True  # objective/rlhf_reward
    if has_quantity and own[-1] not in _OF_A_LOSS and not (bag & _NEITHER and not named):
        return not negative, negative  # scikit-learn's neg_mean_squared_error: more is better
    if bag & MORE_IS_BETTER and not bag & {"loss", "std", "time"}:
        return negative, not negative
    return False, False


def _axis(own: list[str]) -> tuple[str, bool]:
    """What a name counts, and whether over the whole run; "" for a name that counts nothing."""
    bag = set(own)
    # "time/total_timesteps" is a count in the group "time" (Stable-Baselines); "time/epoch" is a duration.
    if "time" in bag and own[0] == "time" and bag & {"iterations", "timesteps", "episodes", "steps"}:
        bag.discard("time")
    counts = bag - _BESIDE
    first = bool(bag & _FIRST) or bool(counts & {"timesteps", "interacts"})
    if len(counts) != 1:
        return "", False
    if counts <= EPOCHS:
        return "epoch", first
    if counts <= STEPS:
        return "step", first
    # "num_tokens" or "episodes" count; "samples" in a table of validation may be anything.
    return COUNTS.get(next(iter(counts)), ""), first


def meanings(names: Iterable[str]) -> dict[str, Meaning]:
    """What the names of one table say, each in the light of the others."""
    says = {name: meaning(name) for name in names}
    # As in Keras: accuracy and val_accuracy. The bare one is that of training.
    validated = {one.metric for one in says.values() if one.whose == "validation"}
    for name, one in says.items():
        if not one.whose and not one.axis and one.metric in validated:
            says[name] = replace(one, whose="train")
    if not any(one.whose == "train" for one in says.values()):
        # XGBoost's eval_set: people pass the training set first.
        for name, one in says.items():
            other = re.sub(r"(?i)(?<=validation_)0", "1", name, count=1)
            if other != name and other in says:
                says[name] = replace(one, whose="train", metric=_without_digit(one.metric))
                says[other] = replace(says[other], metric=_without_digit(says[other].metric), part=one.part)
    # "Loss: 1.2, Train: 0.8, Val: 0.7", as examples of PyTorch Geometric print it: the last two are accuracies.
    bare = {name: one for name, one in says.items() if one.is_loss and one.whose and _is_bare(name)}
    halves = {one.whose for one in bare.values()}
    if len(halves) > 1 and any(one.is_loss and not meaning(name).whose and not one.part for name, one in says.items()):
        for name, one in bare.items():
            says[name] = replace(one, is_loss=False, quantity="", more_is_better=True)
    if any(one.need_not_fall == ACTOR_CRITIC for one in says.values()):  # LossPi and LossV
        for name, one in says.items():
            if one.is_loss and one.part == "v":
                says[name] = replace(one, need_not_fall=ACTOR_CRITIC)
    sides = {name: {"d", "g"} & set(words(name)) for name in says}
    if set().union(*sides.values()) == {"d", "g"}:  # D_A, G_A: the losses of a pair that never says "loss"
        for name, side in sides.items():
            one = says[name]
            if side and not one.is_loss and not one.more_is_better and not one.axis and not set(words(name)) & _NEITHER:
                says[name] = replace(
                    one, is_loss=True, quantity="loss", part=" ".join(words(name)), need_not_fall=ADVERSARIAL
                )
    return says


def _is_bare(name: str) -> bool:
    """True for a name that says whose curve it is and nothing else: train, Val, test."""
    return all(word in VALIDATION | TRAINING for word in words(name))


def pays(name: str) -> bool:
    """True for the reward or the return of an agent."""
    own = set(words(name))
    return bool(own & REWARDS) and not own & _PREFERENCE


def _without_digit(metric: str) -> str:
    return metric.removeprefix("0_").removeprefix("1_")


def tag_of(file: str) -> str:
    """What a file's name says of the only curve in it, as a name of a column; "" where it says nothing.

    TensorBoard saves "run-train-tag-epoch_loss.csv", MLflow "val_loss"; of any other name the words that are known.
    """
    stem = re.sub(r"(?i)\.(csv|tsv|txt|log|json|jsonl|ndjson|out)$", "", file)
    before, *tagged = re.split(r"[-_]tag[-_]", f"-{stem}", maxsplit=1)
    if tagged:
        tag = tagged[0]
        own = words(tag)
        if not set(own) & (TRAINING | VALIDATION):
            own = [word for word in words(before) if word in TRAINING | VALIDATION][-1:] + own
        return "_".join(own)
    known = [word for word in words(stem) if word in _KNOWN | _NEITHER | _QUALIFIERS]
    says = meaning("_".join(known))
    return "_".join(known) if set(known) & _GLUE and (says.is_loss or says.more_is_better) else ""


def phase(word: str) -> str:
    """ "train" or "val" for a cell that says whose row it is, "test" for the test set, "" for any other."""
    plain = word.strip().lower()
    if named := _SUBSET.search(plain):  # the context of a metric of Aim: {"subset": "train"}
        plain = named[1]
    return "train" if plain in TRAINING else "test" if plain in TEST else "val" if plain in VALIDATION else ""


def listed(things: list[str], most: int = 4) -> str:
    """ "5, 6 and 9"; of more than `most` the first ones and how many more."""
    own = things if len(things) <= most else [*things[: most - 1], f"{len(things) - most + 1} more"]
    return own[0] if len(own) == 1 else f"{', '.join(own[:-1])} and {own[-1]}"
