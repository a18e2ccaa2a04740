import VisionData
import VisionNet

/// The messages about images with boxes before training.
struct BoxDataText {
  let data: AnnotatedData

  init(_ data: AnnotatedData) { self.data = data }

  /// - Parameter naming: whether files that cannot be used are named.
  func say(_ messages: Messages, naming: Bool) {
    sayNotes(messages)
    messages.progress(text)
    messages.progress(classes)
    for file in data.skipped where naming {
      messages.error("\(FilePath(file.path).printable): skipped, \(file.message)")
    }
  }

  /// What was noticed in the annotations, and warnings of probable mistakes.
  func sayNotes(_ messages: Messages) {
    for note in data.notes {
      if note.kind.isWarning { messages.warning("\(note)") } else { messages.note("\(note)") }
    }
    for warning in data.warnings { messages.warning(FilePath(warning).printable) }
    let counts = data.objects(in: data.training)
    let unseen = data.classes.indices.filter { counts[$0] == 0 }.map {
      "'\(FilePath(data.classes[$0]).printable)'"
    }
    guard !unseen.isEmpty else { return }
    messages.warning(
      "no object to learn from of \(unseen.count) of the \(counts.count) classes: "
        + unseen.prefix(8).joined(separator: ", ") + (unseen.count > 8 ? ", …" : ""))
  }

  private var text: String {
    func part(_ images: [AnnotatedImage], _ purpose: String) -> String {
      let objects = images.reduce(0) { $0 + $1.objects.count }
      return "\(images.count) \(purpose) (\(objects) \(objects == 1 ? "object" : "objects"))"
    }
    var text = "\(FilePath(data.name).printable): boxes (\(data.format.title)); images: "
    text += part(data.training, "to train on") + ", " + part(data.validation, "to validate")
    text += data.split == .given || data.validation.isEmpty ? "" : ", held back"
    return data.test.isEmpty ? text : text + ", " + part(data.test, "to test")
  }

  /// For example `3 classes: Platelets (361), RBC (4153), WBC (372)`: objects in all images.
  private var classes: String {
    let limit = 12
    let counts = data.objects(in: data.images)
    let names = zip(data.classes, counts).map { "\(FilePath($0).printable) (\($1))" }
    let shown =
      names.count <= limit
      ? names : Array(names.prefix(limit - 2)) + ["… (\(names.count - limit + 1) more)"] + names.suffix(1)
    return "\(names.count) \(names.count == 1 ? "class" : "classes"): \(shown.joined(separator: ", "))"
  }
}
