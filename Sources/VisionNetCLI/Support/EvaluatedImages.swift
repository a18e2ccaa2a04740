/// How the images that a model is measured on are named.
struct EvaluatedImages {
  let count: Int
  /// `train`, `val`, `test`, or `all`.
  let part: String

  /// For example `evaluating 72 images (split test)`.
  var progress: String { "evaluating \(images(of: nil)) (\(part == "all" ? "all splits" : "split \(part)"))" }

  /// For example `72 test images`.
  var phrase: String {
    let adjectives = ["train": "training", "val": "validation", "test": "test"]
    return images(of: adjectives[part])
  }

  private func images(of part: String?) -> String {
    "\(count) \(part.map { $0 + " " } ?? "")\(count == 1 ? "image" : "images")"
  }
}
