# coxph, survfit and crr on columns with a row far out, with a long tail, and far from 0.
# Run from this folder: Rscript cox_far.R > ../cox_far.json
suppressMessages({library(survival); library(cmprsk); library(jsonlite)})
i <- 0:299
T <- 1 + (37 * i) %% 97
dead <- as.numeric((i^2 + i %/% 7) %% 3 > 0)
x <- ((53 * i) %% 101) / 101
last <- i == 299
cost <- 1000 / (1 + (53 * i) %% 101)^1.5
designs <- list(
  one_far_below = data.frame(stop = ifelse(last, 100, T * exp(-1.5 * x)), cause = dead * !last,
                             x = ifelse(last, -250, x)),
  one_far_above = data.frame(stop = ifelse(last, 1000, T * exp(1.2 * x)), cause = dead * !last,
                             x = ifelse(last, 400, x)),
  long_tail = data.frame(stop = T * (1 + cost / 2), cause = dead, x = cost),
  far_from_0 = data.frame(stop = ceiling(T * exp(.15 * ((29 * i) %% 10))), cause = (i^2 + i %/% 7) %% 3,
                          x = 20000 + (29 * i) %% 10))
control <- coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 200)
fitted <- function(d) {
  f <- coxph(Surv(stop, cause == 1) ~ x, d, control = control)
  # crr takes exp of the columns as they are: about their mean, and begun near the maximum.
  k <- crr(d$stop, d$cause, d$x - mean(d$x), init = coef(f), gtol = 1e-12, maxiter = 200)
  at <- data.frame(x = quantile(d$x, c(.25, .75), names = FALSE, type = 1))
  s <- survfit(f, newdata = at, conf.type = "log-log")
  few <- which(s$n.event > 0)
  few <- few[apply(s$surv[few, ] > 1e-6 & s$surv[few, ] < 1 - 1e-6, 1, all)]
  few <- few[seq(1, length(few), 10)]  # log(-log) is lost to R nearer to 0 or 1
  p <- predict(k, as.matrix(at - mean(d$x)))
  day <- p[seq(5, nrow(p), 20), ]
  list(rows = d, coef = unname(coef(f)), se = sqrt(f$var[1]), loglik = f$loglik[2], at = at$x,
       time = s$time[few], surv = s$surv[few, ], lower = s$lower[few, ], upper = s$upper[few, ],
       crr = list(coef = unname(k$coef), se = sqrt(k$var[1]), converged = k$converged,
                  time = day[, 1], incidence = day[, -1]))
}
write(toJSON(list(
  versions = list(R = as.character(getRversion()), survival = as.character(packageVersion("survival")),
                  cmprsk = as.character(packageVersion("cmprsk"))),
  results = lapply(designs, fitted)), digits = NA, auto_unbox = TRUE, dataframe = "columns"), "")
