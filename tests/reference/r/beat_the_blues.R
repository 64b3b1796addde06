# Change from baseline in Beat the Blues, by wave and arm: means, SDs, t intervals, counts.
# Run from this folder:  Rscript beat_the_blues.R ../../../analyses/beat_the_blues/btheb.csv ../beat_the_blues.json
suppressMessages(library(jsonlite))
args <- commandArgs(TRUE)
d <- read.csv(args[1], stringsAsFactors = FALSE)
mid <- 3.5
rows <- list()
for (arm in c("BtheB", "TAU")) for (m in c(2, 3, 5, 8)) {
  a <- d[d$treatment == arm, ]
  after <- a[[paste0("bdi_", m, "m")]]
  both <- !is.na(after) & !is.na(a$bdi_pre)
  change <- after[both] - a$bdi_pre[both]
  t <- t.test(change)
  at <- t.test(after[!is.na(after)])
  rows[[length(rows) + 1]] <- list(
    arm = arm, month = m, enrolled = nrow(a), measured = sum(!is.na(after)), n = sum(both),
    mean_baseline = mean(a$bdi_pre[both]), sd_baseline = sd(a$bdi_pre[both]),
    mean_wave = mean(after[both]), sd_wave = sd(after[both]),
    estimate = mean(change), sd_change = sd(change), std_error = unname(t$stderr), df = unname(t$parameter),
    conf_low = t$conf.int[1], conf_high = t$conf.int[2], effect_size = mean(change) / sd(a$bdi_pre[both]),
    score_mean = unname(at$estimate), score_low = at$conf.int[1], score_high = at$conf.int[2],
    n_better = sum(change <= -mid), n_worse = sum(change >= mid))
}
write_json(list(program = "beat_the_blues.R", r_version = R.version.string,
                data_md5 = unname(tools::md5sum(args[1])), mid = mid, rows = rows),
           args[2], auto_unbox = TRUE, digits = NA, pretty = TRUE)
