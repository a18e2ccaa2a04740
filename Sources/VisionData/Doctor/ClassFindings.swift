/// The findings about the number of images in the classes.
struct ClassFindings {
  private(set) var findings: [Finding] = []

  /// - Parameter classes: only readable images count; the first split is the one for training.
  init(_ classes: [DatasetExamination.ClassCount], splits: [String]) {
    let counts = classes.map { (label: $0.label, images: $0.readable[0]) }.filter { $0.images > 0 }
    guard let least = counts.min(by: { $0.images < $1.images }),
      let most = counts.max(by: { $0.images < $1.images })
    else { return }
    if most.images >= 4 * least.images {
      findings.append(
        Finding(
          most.images >= 10 * least.images ? .warning : .note, .imbalance, paths: [],
          labels: [most.label, least.label],
          "'\(most.label)' has \(most.images) images, '\(least.label)' \(least.images)",
          remedy:
            "add images to the small classes, and look at the figures of each class, not only at top-1"))
    }
    for item in counts where item.images < 10 {
      findings.append(
        Finding(
          .warning, .fewImages, paths: [], labels: [item.label], splits: [splits[0]],
          "'\(item.label)' has only \(item.images) \(item.images == 1 ? "image" : "images") to learn from",
          remedy: "add images: some tens of each class go a long way"))
    }
    for (index, split) in splits.enumerated().dropFirst() {
      for item in classes where item.readable[index] == 0 {
        findings.append(
          Finding(
            .warning, .missingInSplit, paths: [], labels: [item.label], splits: [split],
            "'\(item.label)' has no image in \(split): nothing is measured on it",
            remedy: "move some of its images to \(split)"))
      }
    }
  }
}
