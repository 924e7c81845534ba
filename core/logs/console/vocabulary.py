"""The words of a text log."""

from __future__ import annotations

from core.logs.names.vocabulary import word_set

TRAIN = word_set("train training trn learn train_inner")
VALID = word_set("val valid validation validate validating eval evaluation evaluating dev holdout crossval")
TEST = word_set("test testing")
SPLIT_WORDS = {**dict.fromkeys(TRAIN, "train"), **dict.fromkeys(VALID, "val"), **dict.fromkeys(TEST, "test")}
EPOCHS = word_set("epoch ep epoch_id cur_epoch current_epoch epoch_num epoch_idx n_epoch e")
# Steps with a rank: a count of the whole run comes before one that may start again in each epoch.
STEPS = {
    **dict.fromkeys(word_set("global_step global_steps globalstep num_updates global_iter total_steps"), 3),
    **dict.fromkeys(word_set("step steps iter iters iteration iterations it itr n_iter step_num _step cur_step update "
                    "train_step cur_iter round s"), 2),
    **dict.fromkeys(word_set("batch batches minibatch mini-batch"), 1),
}  # fmt: skip
# Metrics: "loss 0.5" is read without a colon, "saw 5" is not.
METRIC_WORDS = word_set(
    "loss losses cost objective error err mse mae rmse rmsle mape bce ce nll kl kld elbo logloss mlogloss "
    "crossentropy entropy acc accuracy ppl perplexity bpc bpb bits bleu f1 auc aucpr map miou iou dice jaccard "
    "wer cer precision recall score reward return psnr ssim fid r2 ndcg mrr hinge lr gnorm norm learning_rate "
    "top1 top5"
)
METRIC_QUALIFIERS = word_set(
    "box cls obj dfl total recon reconstruction gen disc generator discriminator d g aux main mean macro micro "
    "weighted learning grad rate"
)
# No curve, whatever stands beside it: times, sizes, counts of things, the best so far.
NOT_A_METRIC = word_set(
    "batch_cost data_cost ips time times data v_num eta etc elapsed sec secs second seconds remaining duration "
    "took runtime wall date ms memory mem gpu cuda vram ram mfu speed throughput fps wps ups wpb bsz qps best "
    "patience workers seed port pid rank world version params parameters param size sizes samples sample images "
    "image tokens instances flops flos device devices node max_epochs num_epochs epochs total_epochs n_epochs "
    "warmup counter deadline id line file port scale day days hours minutes rows columns features leaves leaf "
    "nnzs classes height width channels shape dim"
)
STOP_WORDS = word_set(
    "info debug warning warn error critical notset root with and the a an is are was has have had finished done "
    "at for on in after to current cur average avg avg. mean running final this our new got epoch step iter "
    "iteration batch completed complete finish end ended report results result metrics metric summary set phase "
    "now"
)
LOG_LEVELS = word_set("info debug warning warn error critical notset")
HEADING_FILLER = word_set(
    "set phase results result metrics step epoch mode the on data dataset running start starting model loop stage"
)  # fmt: skip
