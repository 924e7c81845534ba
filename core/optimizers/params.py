"""The parameters that several optimizers share, each once."""

from core.record import NON_NEGATIVE, REAL, Interval, Param

BELOW_ONE = Interval(low=0.0, high=1.0, high_open=True)  # weights of an exponential average

# A learning rate may be any finite number: 0, negative (the run climbs) and huge ones can be shown too.
LR = Param("lr", symbol="η", latex=r"\eta", default=0.001, low=0.001, high=1.0, step=0.001, domain=REAL)
MOMENTUM = Param(
    "momentum", symbol="β", latex=r"\beta", default=0.9, low=0.0, high=0.99, step=0.01, domain=NON_NEGATIVE
)
RHO = Param("rho", symbol="ρ", latex=r"\rho", default=0.9, low=0.0, high=0.99, step=0.01, domain=BELOW_ONE)
BETA1 = Param("beta1", symbol="β₁", latex=r"\beta_1", default=0.9, low=0.0, high=0.99, step=0.01, domain=BELOW_ONE)
BETA2 = Param("beta2", symbol="β₂", latex=r"\beta_2", default=0.999, low=0.9, high=0.999, step=0.001, domain=BELOW_ONE)
EPS = Param("eps", symbol="ε", latex=r"\varepsilon", default=1e-8, low=0.0, high=1e-6, step=1e-8, domain=NON_NEGATIVE)
DECAY = Param(
    "weight_decay",
    symbol="λ",
    latex=r"\lambda",
    default=0.01,
    low=0.0,
    high=0.5,
    step=0.01,
    domain=NON_NEGATIVE,
    neutral=0.0,
    because="PyTorch's: without decay it is the optimizer without it",
)
