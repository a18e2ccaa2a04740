/// Names of folders that are seldom those of a class.
enum SuspectName {
  private static let unlabeled: Set<String> = [
    "unlabelled", "unlabeled", "unlabel", "nolabel", "nolabels", "withoutlabel", "withoutlabels", "unknown",
    "unsorted", "unclassified", "uncategorized", "uncategorised", "unannotated", "pred", "preds", "predict",
    "prediction", "predictions", "segpred", "inference", "infer", "todo", "tosort", "tolabel", "thumbnails",
    "thumbnail", "masks", "annotations", "labels", "submission", "submissions", "samplesubmission",

  ]

  /// Whether a folder of that name is likely to hold images of which nobody says what they show.
  static func isUnlabeled(_ name: String) -> Bool {
    unlabeled.contains(name.lowercased().filter { $0.isLetter })
  }
}
