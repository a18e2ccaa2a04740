import VisionNet

/// The messages about the data before training.
struct DatasetText {
  let folder: ImageFolder

  init(_ folder: ImageFolder) { self.folder = folder }

  /// - Parameter naming: whether files that cannot be used are named.
  func say(_ messages: Messages, naming: Bool) {
    sayNotes(messages)
    messages.progress(text)
    messages.progress(classes)
    for file in folder.skipped where naming {
      messages.error("\(FilePath(file.path).printable): skipped, \(file.message)")
    }
  }

  /// Notes about skipped or reinterpreted files, and warnings of probable mistakes.
  func sayNotes(_ messages: Messages) {
    for note in folder.notes { messages.note(FilePath(note).printable) }
    for warning in folder.warnings { messages.warning(FilePath(warning).printable) }
  }

  private var text: String {
    var text = "\(FilePath(folder.name).printable): \(folder.labels.count) classes, "
    text += "\(folder.training.count) images to train on, \(folder.validation.count) to validate"
    text += folder.split == .given ? " (given)" : folder.validation.isEmpty ? "" : " (held back)"
    return folder.test.isEmpty ? text : text + ", \(folder.test.count) to test"
  }

  /// The names of the classes on one line, so that unintended classes are noticed: `3 classes: blue, green,
  /// red (12 images each)`.
  var classes: String {
    let limit = 12
    let names = folder.labels.map { label in
      let name = FilePath(label).printable
      return name.contains(",") ? "'\(name)'" : name
    }
    var counts = [Int](repeating: 0, count: names.count)
    for image in folder.images { for label in image.labels { counts[label] += 1 } }
    let (least, most) = (counts.min() ?? 0, counts.max() ?? 0)
    let shown =
      names.count <= limit
      ? names : Array(names.prefix(limit - 2)) + ["… (\(names.count - limit + 1) more)"] + names.suffix(1)
    return "\(names.count) \(names.count == 1 ? "class" : "classes"): \(shown.joined(separator: ", ")) "
      + (least == most
        ? "(\(most) \(most == 1 ? "image" : "images") each)" : "(\(least) to \(most) images each)")
  }
}
