"""The words of metric names: splits, counts, quantities, and the words beside them."""

from __future__ import annotations

from collections.abc import Mapping


def word_set(words: str) -> frozenset[str]:
    """The words of a text that are separated by spaces."""
    return frozenset(words.split())


TRAINING = word_set("train training tr trn learn trainset")
TEST = word_set("test testing tst")
VALIDATION = TEST | word_set("val valid validation vl vld eval evaluation dev holdout heldout oof crossval")
SPLIT_COLUMNS = word_set("phase split mode stage set subset partition dataset type kind loop data context")
# Columns whose labels name the metrics of a long table, and those whose labels tell runs apart.
METRIC_COLUMNS = word_set("metric key tag name variable series measure scalar field type kind")
RUN_COLUMNS = word_set("run runs fold folds seed trial experiment exp replicate repeat rep replica job cv")
VARIANT_COLUMNS = word_set("name model optimizer method config variant setting algorithm algo version group label")
STATUS_COLUMNS = frozenset({"state", "status"})
EPOCHS = frozenset({"epoch", "epochs", "ep"})
STEPS = word_set(
    "step steps iteration iterations iter iters it update updates batch batches round rounds minibatch "
    "timestep timesteps interacts trees"
)
# Counted like steps, but called by their own name: "best at episode 120".
OTHER_COUNTS: Mapping[str, str] = {
    **dict.fromkeys(("episode", "episodes"), "episode"),
    **dict.fromkeys(("token", "tokens"), "token"),
    **dict.fromkeys(("frame", "frames"), "frame"),
    **dict.fromkeys(("sample", "samples", "example", "examples"), "sample"),
}
# The quantities of which less is better, by the words that name them. "loss" is one that the name does not tell.
QUANTITIES: Mapping[str, str] = {
    **dict.fromkeys(("loss", "losses", "cost", "objective", "criterion"), "loss"),
    **dict.fromkeys(
        word_set("ce xent crossentropy nll bce bcewithlogits logloss mlogloss softmaxloss"), "cross-entropy"
    ),
    **dict.fromkeys(("ppl", "perplexity"), "perplexity"),
    **dict.fromkeys(("mse", "l2", "sse"), "MSE"),
    **dict.fromkeys(("mae", "l1"), "MAE"),
    **dict.fromkeys(("bpc", "bpb", "bpd"), "bits"),
    **dict.fromkeys(("error", "errors", "err", "merror"), "error"),
    **{word: word.upper() for word in word_set("rmse mape smape msle rmsle wer cer eer fid lpips")},
    **{word: word for word in word_set("huber logcosh hinge deviance poisson regret smoothl1 pinball")},
}
AIMS = frozenset({"objective", "criterion"})
# More is better: drawn, never judged as a loss.
MORE_IS_BETTER = word_set(
    "acc accuracy reward rewards rew return returns ret f1 fbeta fscore f1score auc auroc aucpr auprc roc ap map ap50 "
    "map50 map75 map5095 iou miou dice jaccard r2 score scores precision recall sensitivity specificity bleu rouge "
    "meteor psnr ssim top1 top5 kappa mcc ndcg mrr success win winrate correlation corr pearson spearman similarity "
    "likelihood elbo fitness hits nmi ari f2 em exactmatch chrf"
)
# What an agent is paid. Beside it a loss is that of a policy or a critic.
REWARDS = word_set("reward rewards rew return returns ret eprew epret")
PREFERENCE_WORDS = word_set(
    "chosen rejected margin margins accuracy accuracies model"
)  # rewards of DPO: its loss must fall
# No loss, and neither end is better: rates, times, sizes, norms.
UNDIRECTED = word_set(
    "lr time seconds sec secs ms runtime elapsed duration eta memory mem gpu cpu ram vram grad gradient gradients "
    "gradnorm norm gnorm throughput fps speed momentum decay beta scale weight coef coefficient lambda factor "
    "temperature timestamp date datetime wall std var stdev num size params flops seed fold util length len sps second "
    "percent percentage progress remaining"
)
# Behind "loss" they make it another thing: loss_scale, loss_std, loss_weight.
LOSS_SETTINGS = word_set("scale scaler weight weights coef coefficient factor std var stdev time norm count num")
TOTALS = word_set("total overall sum full combined all joint")
# Not the curve itself, but what was made of it.
DERIVED = word_set(
    "best min minimum max maximum lowest smooth smoothed ema sma prev previous delta running target baseline"
)
QUALIFIERS = word_set(
    "mean avg average epoch epochs step steps iter iteration batch per the of on s running raw value metrics metric "
    "scalars scalar logs log function data dataset set final current global binary multi multiclass categorical sparse "
    "softmax mini logits with reduced rate column"
)
# Terms of a sum of losses. Any other word beside "loss" may be the name of a data set: eval_imdb_loss.
TERMS = word_set(
    "box bbox cls class dfl obj objectness rpn mask reg giou ciou keypoint kl recon rec reconstruction aux auxiliary "
    "commit commitment vq perceptual style content tv consistency cycle idt identity contrastive triplet center l1 l2 "
    "ce bce mse mae dice iou penalty regularization regularizer reg mlm nsp itc itm distill kd depth seg rot loc conf "
    "noobj physics pde bc ic boundary residual initial rgb color feat feature"
)
# Losses that need not fall, by what they belong to.
ADVERSARIAL, ACTOR_CRITIC, DIVERGENCE = "adversarial", "actor-critic", "divergence"
NEED_NOT_FALL_WORDS: Mapping[str, str] = {
    **dict.fromkeys(word_set("generator discriminator gen disc gan wgan adversarial adv d g fake"), ADVERSARIAL),
    **dict.fromkeys(word_set("actor critic policy pi pg vf q qf qf1 qf2 entropy surrogate"), ACTOR_CRITIC),
    **dict.fromkeys(word_set("kl kld kldiv"), DIVERGENCE),
}
SHORT_FORMS = {"acc": "accuracy", "losses": "loss", "err": "error"}
# What may stand beside "epoch" or "step" in the name of an axis: trainer/global_step, train/epoch, _step, n_iter.
BESIDE_COUNT = (
    TRAINING | VALIDATION | word_set("trainer global current num index number n id idx total no env boosting of")
)
WHOLE_RUN = frozenset({"global", "total"})  # of several columns of steps, these count the whole run
STANDARD_FORMS = {
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
KNOWN = (
    TRAINING | VALIDATION | EPOCHS | STEPS | MORE_IS_BETTER | frozenset(QUANTITIES) | frozenset(NEED_NOT_FALL_WORDS)
) - {"d", "g", "q"}
METRICS = frozenset(QUANTITIES) | MORE_IS_BETTER
