import VisionNet

/// What is said about the data before anything is trained.
struct DatasetText {
  let folder: ImageFolder

  init(_ folder: ImageFolder) { self.folder = folder }

  /// - Parameter naming: whether files that cannot be used are named.
  func say(_ messages: Messages, naming: Bool) {
    for note in folder.notes { messages.note(FilePath(note).printable) }
    messages.note(text)
    for file in folder.skipped where naming {
      messages.error("\(FilePath(file.path).printable): skipped, \(file.message)")
    }
  }

  private var text: String {
    var text = "\(FilePath(folder.name).printable): \(folder.labels.count) classes, "
    text += "\(folder.training.count) pictures to train on, \(folder.validation.count) to validate"
    text += folder.split == .given ? " (given)" : folder.validation.isEmpty ? "" : " (held back)"
    return folder.test.isEmpty ? text : text + ", \(folder.test.count) to test"
  }
}
