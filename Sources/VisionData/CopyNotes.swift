/// Notes and warnings about images that occur more than once, as lines of a table or as files with equal
/// bytes, given before training or measurement.
struct CopyNotes {
  private(set) var notes: [String] = []
  private(set) var warnings: [String] = []

  private let labels: [String]

  /// - Parameters:
  ///   - repeated: images that a table lists more than once.
  ///   - validation: nil if training itself holds images back.
  ///   - isSplit: whether training then holds images back.
  init(
    _ copies: EqualFiles, training: [LabeledImage], validation: [LabeledImage]?,
    test: [LabeledImage],
    labels: [String], isSplit: Bool, repeated: [RepeatedImage]
  ) {
    self.labels = labels
    addRepeated(repeated)
    guard !copies.groups.isEmpty else { return }
    addContradictions(copies.groups)
    var parts: [[UInt8]: DataPart] = [:]
    for image in validation ?? [] { parts[Array(image.path.utf8)] = .val }
    for image in test { parts[Array(image.path.utf8)] = .test }
    func part(_ image: LabeledImage) -> DataPart { parts[Array(image.path.utf8)] ?? .train }
    for (learned, measured) in [(DataPart.train, DataPart.val), (.train, .test), (.val, .test)] {
      addAcross(copies.groups, learned, measured, part)
    }
    addWithin(copies.groups, isSplit: validation == nil && isSplit, part)
  }

  private mutating func addRepeated(_ repeated: [RepeatedImage]) {
    let same = repeated.filter { !$0.isContradictory }
    if let first = same.first {
      let lines = same.reduce(0) { $0 + $1.mentions.count - 1 }
      notes.append(
        "\(lines) \(lines == 1 ? "line repeats" : "lines repeat") what another says, such as line "
          + "\(first.mentions[1].line) that of line \(first.mentions[0].line): each image counts once")
    }
    for image in repeated.filter(\.isContradictory).prefix(8) {
      warnings.append("\(image.path): the table says \(image.description): the first counts")
    }
  }

  private mutating func addContradictions(_ groups: [[LabeledImage]]) {
    let different = groups.filter { group in group.contains { $0.labels != group[0].labels } }
    guard let group = different.first, let other = group.first(where: { $0.labels != group[0].labels }) else {
      return
    }
    let count = different.reduce(0) { $0 + $1.count }
    warnings.append(
      "\(count) files are the same as another, byte for byte, under different labels, such as "
        + "\(described(group[0])) and \(described(other)): decide on one label and remove the others")
  }

  private func described(_ image: LabeledImage) -> String {
    "\(image.relativePath) (\(image.labels.map { "'\(labels[$0])'" }.joined(separator: ", ")))"
  }

  private mutating func addAcross(
    _ groups: [[LabeledImage]], _ learned: DataPart, _ measured: DataPart,
    _ part: (LabeledImage) -> DataPart
  ) {
    var (count, example) = (0, "")
    for group in groups {
      let inside = group.filter { part($0) == measured }
      guard let first = group.first(where: { part($0) == learned }), let second = inside.first else {
        continue
      }
      if count == 0 { example = "\(second.relativePath) and \(first.relativePath)" }
      count += inside.count
    }
    guard count > 0 else { return }
    warnings.append(
      "\(count) \(count == 1 ? "image" : "images") \(measured.purpose) \(count == 1 ? "is" : "are") there "
        + "\(learned.purpose) too, byte for byte, such as \(example): figures will be better than they should"
    )
  }

  private mutating func addWithin(
    _ groups: [[LabeledImage]], isSplit: Bool, _ part: (LabeledImage) -> DataPart
  ) {
    let inside = groups.filter { group in
      Set(group.map(part)).contains { own in group.count { part($0) == own } > 1 }
    }
    guard let group = inside.first else { return }
    let count = inside.reduce(0) { $0 + $1.count }
    let kinds = inside.count
    notes.append(
      "\(count) files hold only \(kinds) different \(kinds == 1 ? "image" : "images"), such as "
        + "\(group[0].relativePath) and \(group[1].relativePath), the same byte for byte"
        + (isSplit ? ": equal ones are kept on one side of the split" : "")
        + "; figures count each of them, so that intervals are too narrow")
  }
}
