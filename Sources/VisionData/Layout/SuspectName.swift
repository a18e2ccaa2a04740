/// Names of folders that are seldom those of a class.
enum SuspectName {
  private static let unlabelled: Set<String> = [
    "unlabelled", "unlabeled", "unlabel", "nolabel", "nolabels", "withoutlabel", "withoutlabels", "unknown",
    "unsorted", "unclassified", "uncategorized", "uncategorised", "unannotated", "pred", "preds", "predict",
    "prediction", "predictions", "segpred", "inference", "infer", "todo", "tosort", "tolabel", "thumbnails",
    "thumbnail", "masks", "annotations", "labels", "submission", "submissions", "samplesubmission",

  ]

  /// Whether a folder of that name is likely to hold pictures of which nobody says what they show.
  static func isUnlabelled(_ name: String) -> Bool {
    unlabelled.contains(name.lowercased().filter { $0.isLetter })
  }
}
