"""What the names of columns say."""

import pytest

from core.logs.names.meaning import parse_name
from core.logs.names.table_names import parse_names


@pytest.mark.parametrize(
    ("axis", "names"),
    [
        ("epoch", "epoch Epoch ep epochs epoch_id train/epoch current_epoch"),
        (
            "step",
            "step n_iter iters iteration global_step trainer/global_step total/steps total_timesteps batch_idx it",
        ),
        ("step", "time/total_timesteps time/iterations TotalEnvInteracts num_updates round boosting_round"),
        ("episode", "episode episodes"),
        ("", "epoch_time time/epoch batch_size steps_per_second iter_time ep_rew_mean loss_step max_steps"),
    ],
)
def test_what_counts(axis, names):
    for name in names.split():
        assert parse_name(name).axis == axis, name


@pytest.mark.parametrize(
    ("quantity", "names"),
    [
        (
            "loss",
            "loss train_loss vl_loss train val valid test eval dev total_loss Loss/train trainLoss lossval val_cost",
        ),
        ("cross-entropy", "bce val_bce ce nll logloss binary_logloss train_ce_loss crossentropy cross_entropy BCELoss"),
        ("cross-entropy", "sparse_categorical_crossentropy validation_0-mlogloss val_log_loss trainbce"),
        ("perplexity", "ppl perplexity valid_ppl"),
        ("MSE", "mse val_mean_squared_error mse_loss"),
        ("RMSE", "rmse eval-rmse root_mean_squared_error"),
        ("MAE", "mae valid_mae_loss mean_absolute_error"),
        ("error", "err val_error error_rate"),
    ],
)
def test_losses_and_their_quantities(quantity, names):
    for name in names.split():
        assert (parse_name(name).is_loss, parse_name(name).quantity, parse_name(name).part) == (True, quantity, ""), (
            name
        )


BETTER = "acc val_accuracy reward ep_rew_mean rollout/return f1 auc mIoU mAP50 r2 dice score"
NEITHER = (
    "lr learning_rate time epoch_time memory max_mem grad_norm loss_scale kl_weight train_runtime samples_per_second "
    "loss_std weight_decay eta_seconds data_time"
)


@pytest.mark.parametrize("name", BETTER.split())
def test_more_is_better(name):
    assert parse_name(name).more_is_better
    assert not parse_name(name).is_loss


@pytest.mark.parametrize("name", NEITHER.split())
def test_neither(name):
    assert not parse_name(name).is_loss
    assert not parse_name(name).more_is_better


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("train/value_loss", "actor-critic"),
        ("loss_critic", "actor-critic"),
        ("LossPi", "actor-critic"),
        ("qf1_loss", "actor-critic"),
        ("entropy_loss", "actor-critic"),
        ("d_loss", "adversarial"),
        ("lossD_real", "adversarial"),
        ("generator_loss", "adversarial"),
        ("kl", "divergence"),
        ("train_kl_loss", "divergence"),
        ("cross_entropy_loss", ""),
        ("loss_2d", ""),
        ("value", ""),
        ("val_loss", ""),
    ],
)
def test_losses_that_need_not_fall(name, kind):
    assert parse_name(name).need_not_fall == kind


def test_a_total_and_a_term():
    assert parse_name("loss_total").is_total
    assert parse_name("total_loss").part == ""
    assert [parse_name(name).is_term for name in ("loss_box_reg", "cls_loss", "eval_imdb_loss")] == [True, True, False]


def test_names_in_the_light_of_the_others():
    assert parse_names(["accuracy", "val_accuracy"])["accuracy"].split == "train"
    boosted = parse_names(["validation_0-logloss", "validation_1-logloss"])
    assert [one.role for one in boosted.values()] == ["train", "validation"]
    alone = parse_names(["validation_0-logloss"])
    assert [one.role for one in alone.values()] == ["validation"]
    assert [one.need_not_fall for one in parse_names(["D_A", "G_A"]).values()] == ["adversarial"] * 2
    assert not parse_names(["D_A"])["D_A"].is_loss
