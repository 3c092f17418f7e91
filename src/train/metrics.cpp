#include "train/metrics.h"

#include <array>

namespace chainrule {

std::span<const MetricField> metric_fields() {
    static constexpr std::array<MetricField, 9> fields{{
        {"accuracy", "accuracy", &Metrics::accuracy, true},
        {"precision", "precision", &Metrics::precision},
        {"recall", "recall", &Metrics::recall},
        {"f1", "F1", &Metrics::f1},
        {"roc_auc", "ROC AUC", &Metrics::roc_auc},
        {"log_loss", "log loss", &Metrics::log_loss},
        {"rmse", "RMSE", &Metrics::rmse},
        {"mae", "MAE", &Metrics::mae},
        {"r2", "R2", &Metrics::r2},
    }};
    return fields;
}

}  // namespace chainrule
