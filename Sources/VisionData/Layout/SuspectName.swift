/// Folder names that rarely belong to a class.
enum SuspectName {
  private static let unlabeled: Set<String> = [
    "unlabelled", "unlabeled", "unlabel", "nolabel", "nolabels", "withoutlabel", "withoutlabels", "unknown",
    "unsorted", "unclassified", "uncategorized", "uncategorised", "unannotated", "pred", "preds", "predict",
    "prediction", "predictions", "segpred", "inference", "infer", "todo", "tosort", "tolabel", "thumbnails",
    "thumbnail", "masks", "annotations", "labels", "submission", "submissions", "samplesubmission",

  ]

  /// Whether a folder with that name probably contains images without known classes.
  static func isUnlabeled(_ name: String) -> Bool {
    unlabeled.contains(name.lowercased().filter { $0.isLetter })
  }
}
