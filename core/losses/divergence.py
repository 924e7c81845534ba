"""Losses that compare the softmax of the scores with the target as two distributions.

The formulas get the target as probabilities t [..., K], a label being 1 at its class and 0 elsewhere, and parameters as
[..., 1].
"""

from __future__ import annotations

import math

import numpy as np

from core.losses.equivalents import Equivalent
from core.losses.estimand import Estimand
from core.losses.link import SOFTMAX
from core.losses.loss import Loss
from core.losses.softmax import error, excess, log_or_minus_infinity, through_softmax, weighted_sum
from core.numerics import LOG_2, log_cosh, log_softmax, softplus
from core.record import LABELS, Interval, Look, Param, Source

LARGEST_RATIO = 350.0  # of u: e^2u is finite up to here, and tanh u has long been 1


def _smoothed(t, label_smoothing):
    return (1 - label_smoothing) * t + label_smoothing / t.shape[-1]


def _categorical(z, t, *, label_smoothing):
    return -weighted_sum(_smoothed(t, label_smoothing), log_softmax(z))


def _categorical_grad(z, t, *, label_smoothing):
    log_q = log_softmax(z)
    return error(log_q, _smoothed(t, label_smoothing)) + (1 - label_smoothing) * excess(t) * np.exp(log_q)


categorical_cross_entropy = Loss(
    name="Categorical cross-entropy",
    short="Cross-entropy",
    also=("log loss",),
    look=Look("teal"),
    family="multi-class",
    params=(
        Param(
            "label_smoothing",
            symbol="smoothing ε",
            latex=r"\epsilon",
            default=0.0,
            low=0.0,
            high=0.5,
            step=0.01,
            domain=Interval(0.0, 1.0),
            neutral=0.0,
        ),
    ),
    value_of=_categorical,
    grad_of=_categorical_grad,
    curvature_of=None,
    target_domain=LABELS,
    template=r"-\sum_{k=1}^{K} t_k \log \operatorname{softmax}(z)_k, \quad"
    r" t_k = (1 - %(label_smoothing)s) \, \mathbf{1}[k = y] + \frac{%(label_smoothing)s}{K}",
    estimates=Estimand(
        "scores whose softmax is the probability of each class, shifted towards equal shares by the smoothing",
        best=lambda shares, *, label_smoothing: SOFTMAX.scores(_smoothed(shares, label_smoothing)),
    ),
    by_hand={((0.0, math.log(3)), 1): math.log(4 / 3), ((0.0, 0.0, 0.0, 0.0), 2): math.log(4)},
    use_when="Each example belongs to exactly one of several classes.",
    watch_out="Give it raw scores, not a softmax. With smoothing a perfect prediction does not cost 0, and the "
    "probabilities are less confident than the data.",
    source=Source(
        "Szegedy, Vanhoucke, Ioffe, Shlens, Wojna",
        2016,
        "Rethinking the Inception Architecture for Computer Vision",
        "arxiv:1512.00567",
    ),
    equivalents={
        "NumPy": Equivalent(
            "-((1 - %(label_smoothing)s) * labelled + %(label_smoothing)s * log_p.mean(axis=-1)).mean()",
            lines="log_p = pred - np.logaddexp.reduce(pred, axis=-1, keepdims=True)\n"
            "labelled = np.take_along_axis(log_p, target[..., None], axis=-1)[..., 0]",
        ),
        "PyTorch": Equivalent(
            "torch.nn.functional.cross_entropy(pred, target, label_smoothing=%(label_smoothing)s)",
            note="It takes raw scores, and as target labels or probabilities. Every class gets ε/K of the label,"
            " the true one too; ε/(K − 1) for the others is another convention. With class weights and smoothing,"
            " each ε/K is weighted by its own class.",
        ),
        "Keras": Equivalent(
            "keras.losses.CategoricalCrossentropy(from_logits=True,"
            " label_smoothing=%(label_smoothing)s)(one_hot, pred)",
            lines="one_hot = keras.ops.one_hot(target, pred.shape[-1], dtype=pred.dtype)",
            note="Without from_logits=True it takes pred for probabilities. Its sparse form takes the labels as they"
            " are, and smooths none.",
        ),
        "scikit-learn": Equivalent(
            "sklearn.metrics.log_loss(labels, shares, labels=range(classes), sample_weight=weights.ravel())",
            lines="classes = pred.shape[-1]\n"
            "labels = np.tile(range(classes), len(pred))\n"
            "shares = np.repeat(scipy.special.softmax(pred, axis=-1), classes, axis=0)\n"
            "one_hot = np.eye(classes)[target]\n"
            "weights = (1 - %(label_smoothing)s) * one_hot + %(label_smoothing)s / classes",
            where="abs(pred) <= 6",
            note="log_loss smooths no labels: here every example stands once for each class, weighted by the"
            " share that the class has in its label. It takes probabilities, and loses digits when one is"
            " close to 0.",
        ),
        "Optax": Equivalent(
            "optax.losses.softmax_cross_entropy(pred, shares).mean()",
            lines="shares = optax.losses.smooth_labels(jax.nn.one_hot(target, pred.shape[-1], dtype=pred.dtype),"
            " %(label_smoothing)s)",
            note="It takes probabilities as target; for labels there is"
            " softmax_cross_entropy_with_integer_labels, which smooths none.",
        ),
    },
)


def _divergence_terms(p, log_p, log_q):
    # p log(p/q) - p + q: none is below 0, and near p = q nothing cancels that is larger than d = log(p/q)
    q = np.exp(log_q)
    p, log_p, log_q, q = np.broadcast_arrays(p, log_p, log_q, q)
    d = np.subtract(log_p, log_q, out=np.zeros(p.shape), where=p > 0)
    small = np.clip(d, -1.0, 1.0)
    near = p * (np.expm1(-small) + small)
    with np.errstate(invalid="ignore"):  # 0 times infinity, where p is 0
        far = p * d - p + q
    return np.where(p > 0, np.where(np.abs(d) < 1, near, far), q)


def _kl(z, t):
    return _divergence_terms(t, log_or_minus_infinity(t), log_softmax(z)).sum(axis=-1) + excess(t)[..., 0]


def _kl_grad(z, t):
    log_q = log_softmax(z)
    return error(log_q, t) + excess(t) * np.exp(log_q)


kl_divergence = Loss(
    name="KL divergence",
    short="KL",
    look=Look("blue"),
    family="multi-class",
    value_of=_kl,
    grad_of=_kl_grad,
    curvature_of=None,
    target_domain=LABELS,
    soft_targets=True,
    template=r"\sum_{k=1}^{K} t_k \log \frac{t_k}{q_k}, \quad q = \operatorname{softmax}(z)",
    estimates=Estimand("scores whose softmax is the target distribution, as cross-entropy does", best=SOFTMAX.scores),
    by_hand={
        ((0.0, 0.0), (0.25, 0.75)): math.log(2) + 0.25 * math.log(0.25) + 0.75 * math.log(0.75),
        ((0.0, math.log(3)), 1): math.log(4 / 3),
    },
    use_when="The target is a distribution, such as a teacher's probabilities, and 0 should mean that it is met.",
    watch_out="It is cross-entropy less the entropy of the target: the gradient is the same. It has no limit where the "
    "model gives almost no probability to what happens. KL is not symmetric.",
    source=Source("Kullback, Leibler", 1951, "On Information and Sufficiency", "doi:10.1214/aoms/1177729694"),
    equivalents={
        "NumPy": Equivalent(
            "(scipy.special.xlogy(target, target) - target * log_q).sum(axis=-1).mean()",
            lines="log_q = pred - np.logaddexp.reduce(pred, axis=-1, keepdims=True)",
            note="scipy.special.rel_entr is t log(t/q); scipy.special.kl_div adds −t + q to each term.",
        ),
        "PyTorch": Equivalent(
            "torch.nn.functional.kl_div(log_q, target, reduction='batchmean')",
            lines="log_q = torch.log_softmax(pred, dim=-1)",
            note="The prediction comes first, as logarithms. reduction='mean' would divide by K as well.",
        ),
        "Keras": Equivalent(
            "keras.losses.KLDivergence()(target, keras.ops.softmax(pred))",
            where="np.all(target > 1e-7) and np.all(abs(pred) <= 6)",
            note="It takes probabilities, and keeps both 1e-7 away from 0.",
        ),
        "Optax": Equivalent("optax.losses.kl_divergence(jax.nn.log_softmax(pred), target).mean()"),
    },
)


def _reverse_kl(z, t):
    log_q = log_softmax(z)
    return _divergence_terms(np.exp(log_q), log_q, log_or_minus_infinity(t)).sum(axis=-1) - excess(t)[..., 0]


def _reverse_kl_grad(z, t):
    log_q, t = np.broadcast_arrays(log_softmax(z), t)
    q = np.exp(log_q)
    missed = (t == 0) & (q > 0)
    ratio = log_q - log_or_minus_infinity(np.where(t > 0, t, 1.0))
    slopes = np.multiply(q, ratio, out=np.zeros(q.shape), where=(q > 0) & ~missed)
    grad = through_softmax(log_q, slopes)
    # Where the loss is infinite, the limit as the missed targets come down to 0: the probability is to leave them.
    lost = np.sum(q, axis=-1, keepdims=True, where=missed) > 0
    saved = np.sum(q, axis=-1, keepdims=True, where=~missed) > 0
    towards = np.where((q > 0) & saved, np.where(missed, np.inf, -np.inf), 0.0)
    return np.where(lost, towards, grad)


reverse_kl_divergence = Loss(
    name="Reverse KL divergence",
    short="Reverse KL",
    look=Look("orange"),
    family="multi-class",
    value_of=_reverse_kl,
    grad_of=_reverse_kl_grad,
    curvature_of=None,
    convex=False,
    target_domain=LABELS,
    soft_targets=True,
    finite_where=lambda pred, target: np.ndim(target) >= np.ndim(pred) and np.min(target) > 0,
    template=r"\sum_{k=1}^{K} q_k \log \frac{q_k}{t_k}, \quad q = \operatorname{softmax}(z)",
    estimates=Estimand(
        "scores whose softmax is the target distribution; a model that cannot be that keeps to a part of it",
        best=SOFTMAX.scores,
        of_labels=False,
    ),
    by_hand={((0.0, 0.0), (0.25, 0.75)): math.log(2) - math.log(3) / 2, ((0.0, math.log(3)), 1): math.inf},
    use_when="The target is a density that you can evaluate. A model that misses some of it should do less harm than "
    "one that puts weight where the target has none.",
    watch_out="It is infinite where the target is 0 and the model is not, so a label alone makes it infinite. It is "
    "sure of itself: it seeks one mode and leaves out the others.",
    source=Source(
        "Minka",
        2005,
        "Divergence Measures and Message Passing",
        "https://www.microsoft.com/en-us/research/publication/divergence-measures-and-message-passing/",
    ),
    equivalents={
        "NumPy": Equivalent(
            "(np.exp(log_q) * (log_q - np.log(target))).sum(axis=-1).mean()",
            lines="log_q = pred - np.logaddexp.reduce(pred, axis=-1, keepdims=True)",
        ),
        "PyTorch": Equivalent(
            "torch.nn.functional.kl_div(torch.log(target), log_q, reduction='batchmean', log_target=True)",
            lines="log_q = torch.log_softmax(pred, dim=-1)",
            note="The two have changed places: kl_div takes first what stands below in the fraction.",
        ),
        "Keras": Equivalent(
            "keras.losses.KLDivergence()(keras.ops.softmax(pred), target)",
            where="np.all(target > 1e-7) and np.all(abs(pred) <= 6)",
            note="It takes probabilities, and keeps both 1e-7 away from 0.",
        ),
        "Optax": Equivalent(
            "optax.losses.kl_divergence_with_log_targets(jnp.log(target), jax.nn.log_softmax(pred)).mean()"
        ),
    },
)


def _half_log_ratio(log_q, t):
    # u = (log t - log q)/2, cut at +-LARGEST_RATIO
    log_t, log_q = np.broadcast_arrays(log_or_minus_infinity(t), log_q)
    u = np.full(log_t.shape, -LARGEST_RATIO)
    np.subtract(log_t, log_q, out=u, where=log_t > -np.inf)
    return np.clip(u / 2, -LARGEST_RATIO, LARGEST_RATIO)


def _jensen_shannon(z, t):
    # With u = (log t - log q)/2 a term is (t + q)(u tanh u - log cosh u)/2: nothing cancels near t = q.
    log_q = log_softmax(z)
    u = np.abs(_half_log_ratio(log_q, t))
    far = LOG_2 - 2 * u / (np.exp(2 * u) + 1) - np.log1p(np.exp(-2 * u))
    terms = (t + np.exp(log_q)) / 2 * np.where(u < 1, u * np.tanh(u) - log_cosh(u), far)
    return np.minimum(terms.sum(axis=-1), LOG_2)  # rounding may carry the sum above its bound


def _jensen_shannon_grad(z, t):
    # dL/dq = log(q/m)/2 = (log 2 - log(1 + e^2u))/2. What all classes share has no effect: the likeliest one's is taken
    # off, so that equal ones are 0.
    log_q = log_softmax(z)
    u = _half_log_ratio(log_q, t)
    near = np.clip(u, -1.0, 1.0)
    slope = np.where(np.abs(u) < 1, -near - log_cosh(near), LOG_2 - softplus(2 * u)) / 2
    log_q = np.broadcast_to(log_q, slope.shape)
    likeliest = np.take_along_axis(slope, np.expand_dims(log_q.argmax(axis=-1), -1), axis=-1)
    return through_softmax(log_q, np.exp(log_q) * (slope - likeliest))


jensen_shannon = Loss(
    name="Jensen-Shannon divergence",
    short="Jensen-Shannon",
    look=Look("purple"),
    family="multi-class",
    value_of=_jensen_shannon,
    grad_of=_jensen_shannon_grad,
    curvature_of=None,
    convex=False,
    target_domain=LABELS,
    soft_targets=True,
    template=r"\frac{1}{2} \sum_{k=1}^{K} \left( t_k \log \frac{t_k}{m_k} + q_k \log \frac{q_k}{m_k} \right),"
    r" \quad m = \frac{t + q}{2}",
    estimates=Estimand(
        "scores whose softmax is the target distribution; of labels drawn from it, sharper probabilities",
        best=SOFTMAX.scores,
        of_labels=False,
    ),
    by_hand={
        ((0.0, 0.0), (0.0, 1.0)): (math.log(4 / 3) + 0.5 * math.log(2 / 3) + 0.5 * math.log(2)) / 2,
        ((0.0, 0.0), 1): (math.log(4 / 3) + 0.5 * math.log(2 / 3) + 0.5 * math.log(2)) / 2,
    },
    use_when="You compare two distributions and want a number that is symmetric and never above log 2.",
    watch_out="Where the two have nothing in common it is log 2, and its gradient is almost 0: it does not say which "
    "way to go.",
    source=Source("Lin", 1991, "Divergence Measures Based on the Shannon Entropy", "doi:10.1109/18.61115"),
    equivalents={
        "NumPy": Equivalent(
            "(scipy.special.rel_entr(target, m) + scipy.special.rel_entr(q, m)).sum(axis=-1).mean() / 2",
            lines="q = scipy.special.softmax(pred, axis=-1)\nm = (target + q) / 2",
            note="scipy.spatial.distance.jensenshannon is the square root of it.",
        ),
        "PyTorch": Equivalent(
            "(divergence(m.log(), target, reduction='none') + divergence(m.log(), q, reduction='none'))"
            ".sum(dim=-1).mean() / 2",
            lines="divergence = torch.nn.functional.kl_div\nq = torch.softmax(pred, dim=-1)\nm = (target + q) / 2",
            where="abs(pred) <= 30",
            note="Written out: PyTorch has no name for it. Where q is 0 in float64 it gives NaN.",
        ),
        "Keras": Equivalent(
            "(divergence(target, m) + divergence(q, m)) / 2",
            lines="divergence = keras.losses.KLDivergence()\nq = keras.ops.softmax(pred)\nm = (target + q) / 2",
            where="np.all(target > 1e-7) and np.all(abs(pred) <= 6)",
            note="It takes probabilities, and keeps all of them 1e-7 away from 0.",
        ),
        "Optax": Equivalent(
            "(optax.losses.kl_divergence(jnp.log(m), target) + optax.losses.kl_divergence(jnp.log(m), q)).mean() / 2",
            lines="q = jax.nn.softmax(pred)\nm = (target + q) / 2",
            where="abs(pred) <= 30",
            note="Where q is 0 in float64 its gradient is NaN.",
        ),
    },
)
