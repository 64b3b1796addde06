# Cronbach's alpha of psych, both ways of missing, with Feldt's interval; reliable change and the
# cut-offs of Jacobson & Truax (1991), written out in R.
# Debian: r-cran-psych, r-cran-jsonlite.  Run:  Rscript reliability.R ../reliability.json
suppressMessages({library(psych); library(jsonlite)})
set.seed(1951)
answers <- function(n, k, loading, codes, holes) {
  state <- rnorm(n)
  x <- sapply(seq_len(k), function(i) loading * state + sqrt(1 - loading^2) * rnorm(n))
  x <- apply(x, 2, function(v) as.integer(cut(v, c(-Inf, qnorm(seq_len(codes - 1) / codes), Inf))))
  x[sample(length(x), round(holes * length(x)))] <- NA
  x
}
of <- function(x) {
  a <- suppressWarnings(psych::alpha(as.data.frame(x), warnings = FALSE))
  list(raw_alpha = a$total$raw_alpha, lower = unname(unlist(a$feldt["lower.ci"])),
       upper = unname(unlist(a$feldt["upper.ci"])),
       without = a$alpha.drop$raw_alpha, r_drop = a$item.stats$r.drop,
       mean = a$item.stats$mean, sd = a$item.stats$sd, n = a$item.stats$n)
}
alpha_case <- function(id, x) {
  colnames(x) <- paste0("i", seq_len(ncol(x)))
  list(id = id, responses = unname(lapply(seq_len(nrow(x)), function(i) unname(x[i, ]))),
       n_complete = sum(complete.cases(x)), complete = of(x[complete.cases(x), ]), pairwise = of(x))
}
alphas <- list(
  alpha_case("seven items of five codes", answers(60, 7, 0.75, 5, 0)),
  alpha_case("with holes", answers(80, 7, 0.7, 5, 0.05)),
  alpha_case("two codes, six items, holes", answers(120, 6, 0.6, 2, 0.03)),
  alpha_case("three items, few people", answers(12, 3, 0.8, 3, 0.05)),
  alpha_case("items that disagree", { x <- answers(40, 4, 0.6, 5, 0); x[, 2] <- 6 - x[, 2]; x[, 4] <- 6 - x[, 4]; x })
)
change_case <- function(id, pre, post, rel, m0, s0, better, conf = 0.95) {
  d <- if (better == "high") 1 else -1
  z <- qnorm((1 + conf) / 2)
  m1 <- mean(pre, na.rm = TRUE); s1 <- sd(pre, na.rm = TRUE)
  sem <- s1 * sqrt(1 - rel); s_diff <- sqrt(2 * sem^2); rci <- (post - pre) / s_diff
  cutoff <- c(a = m1 + d * 2 * s1, b = m0 - d * 2 * s0, c = (s0 * m1 + s1 * m0) / (s0 + s1))
  counts <- lapply(as.list(cutoff), function(k) {
    better_now <- d * rci > z; worse_now <- d * rci < -z
    over <- d * pre < d * k & d * post > d * k; back <- d * pre > d * k & d * post < d * k
    count <- function(v) sum(v, na.rm = TRUE)
    list(recovered = count(better_now & over), improved = count(better_now & !over),
         unchanged = count(!better_now & !worse_now), deteriorated = count(worse_now),
         harmed = count(worse_now & back))
  })
  list(id = id, pre = pre, post = post, reliability = rel, norm_mean = m0, norm_sd = s0,
       better = better, conf_level = conf, clinical_mean = m1, clinical_sd = s1, sem = sem,
       s_diff = s_diff, threshold = z * s_diff, rci = rci, cutoff = as.list(cutoff), counts = counts)
}
scores <- function(n, mean, sd, holes) { x <- round(rnorm(n, mean, sd)); x[sample(n, holes)] <- NA; x }
pre <- scores(150, 15, 5, 4); post <- pmax(0, round(pre - rnorm(150, 4, 6))); post[sample(150, 12)] <- NA
up <- scores(90, 20, 4, 0); later <- round(up + rnorm(90, 1, 7))
changes <- list(
  change_case("lower is better, unequal SDs", pre, post, 0.87, 5.1, 3.3, "low"),
  change_case("higher is better", up, later, 0.72, 24, 5.5, "high"),
  change_case("a 90 per cent threshold", up, later, 0.72, 24, 5.5, "high", conf = 0.9)
)
out <- list(program = "reliability.R", r_version = R.version.string,
            packages = list(psych = as.character(packageVersion("psych"))), alpha = alphas, change = changes)
write_json(out, commandArgs(TRUE)[1], auto_unbox = TRUE, digits = NA, pretty = FALSE, na = "null", null = "null")
