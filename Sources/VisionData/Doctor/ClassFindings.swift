/// The findings about the number of pictures in the classes.
struct ClassFindings {
  private(set) var findings: [Finding] = []

  /// - Parameter classes: readable pictures are counted, those of the first split being learned from.
  init(_ classes: [DatasetExamination.ClassCount], splits: [String]) {
    let counts = classes.map { (label: $0.label, pictures: $0.readable[0]) }.filter { $0.pictures > 0 }
    guard let least = counts.min(by: { $0.pictures < $1.pictures }),
      let most = counts.max(by: { $0.pictures < $1.pictures })
    else { return }
    if most.pictures >= 4 * least.pictures {
      findings.append(
        Finding(
          most.pictures >= 10 * least.pictures ? .warning : .note, .imbalance, paths: [],
          labels: [most.label, least.label],
          "'\(most.label)' has \(most.pictures) pictures, '\(least.label)' \(least.pictures)",
          remedy:
            "add pictures to the small classes, and look at the figures of each class, not only at top-1"))
    }
    for item in counts where item.pictures < 10 {
      findings.append(
        Finding(
          .warning, .fewPictures, paths: [], labels: [item.label], splits: [splits[0]],
          "'\(item.label)' has only \(item.pictures) \(item.pictures == 1 ? "picture" : "pictures") to learn from",
          remedy: "add pictures: some tens of each class go a long way"))
    }
    for (index, split) in splits.enumerated().dropFirst() {
      for item in classes where item.readable[index] == 0 {
        findings.append(
          Finding(
            .warning, .missingInSplit, paths: [], labels: [item.label], splits: [split],
            "'\(item.label)' has no picture in \(split): nothing is measured on it",
            remedy: "move some of its pictures to \(split)"))
      }
    }
  }
}
