# Mancl-DeRouen, Kauermann-Carroll and Fay-Graubard forms of the practice sandwich for
# proportional hazards (Wang, Turner & Li 2023, Biom J 65:2200113), written out event by event.
# The R package CoxBcv 0.0.1.0 has the same forms but could not be installed here; this is written
# from its formulas, on the 12 rows of its help pages and on the design of cox.R.
# As there, the coefficients are coxph's (Efron) and everything else is Breslow's.
# Run from this folder: Rscript cox_corrected.R > ../cox_corrected.json
suppressMessages({library(survival); library(jsonlite)})
forms <- function(time, dead, x, practice) {
  x <- as.matrix(x); p <- ncol(x)
  control <- coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 60)
  beta <- coef(coxph(Surv(time, dead) ~ x, control = control))
  risk <- as.vector(exp(x %*% beta))
  practices <- sort(unique(practice))
  zero <- function() lapply(practices, function(g) matrix(0, p, p))
  score <- matrix(0, p, length(practices)); leverage <- zero(); information <- matrix(0, p, p)
  for (e in which(dead == 1)) {
    here <- time >= time[e]
    share <- risk * here / sum(risk[here])
    mean <- colSums(share * x)
    apart <- sweep(x, 2, mean)
    spread <- crossprod(apart, share * apart)
    information <- information + spread
    for (g in seq_along(practices)) {
      mine <- practice == practices[g]
      own <- (practice[e] == practices[g]) + 0
      score[, g] <- score[, g] + own * apart[e, ] - colSums(share[mine] * apart[mine, , drop = FALSE])
      leverage[[g]] <- leverage[[g]] + own * spread - sum(share[mine]) * spread +
        crossprod(apart[mine, , drop = FALSE], share[mine] * x[mine, , drop = FALSE])
    }
  }
  naive <- solve(information)
  plain <- naive %*% score
  md <- sapply(seq_along(practices), function(g) solve(information - leverage[[g]], score[, g]))
  fg <- sapply(seq_along(practices), function(g) {
    naive %*% (score[, g] / sqrt(1 - pmin(.75, diag(leverage[[g]] %*% naive))))
  })
  md <- matrix(md, p); fg <- matrix(fg, p); crossed <- tcrossprod(md, plain)
  list(coef = unname(beta), plain = unname(tcrossprod(plain)), md = tcrossprod(md),
       kc = unname(crossed + t(crossed)) / 2, fg = tcrossprod(fg))
}
time <- c(11, 19, 43, 100, 7, 100, 100, 62, 52, 1, 7, 6)
dead <- c(1, 1, 1, 0, 1, 0, 0, 1, 1, 1, 1, 1)
x1 <- c(0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1)
x2 <- c(-19, 6, -25, 48, 10, -25, 15, 22, 17, -9, 45, 12)
practice <- c(1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6)
i <- 0:299
made <- cbind((i %% 15 < 7) + 0, ((53 * i) %% 101) / 101)
out <- list(
  r_version = R.version.string, survival = as.character(packageVersion("survival")),
  rows = list(time = time, dead = dead, x = cbind(x1, x2), practice = practice),
  one_column = forms(time, dead, x1, practice),
  two_columns = forms(time, dead, cbind(x1, x2), practice),
  made = forms(1 + (37 * i) %% 97, ((i^2 + i %/% 7) %% 3 == 2) + 0, made, i %% 15)
)
cat(toJSON(out, digits = NA, auto_unbox = TRUE, pretty = TRUE, matrix = "rowmajor"), "\n")
