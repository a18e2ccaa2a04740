package import VisionServing

/// A model that a service answers with.
package struct ModelSource: Sendable, Hashable {
  /// The name in requests and answers.
  package var name: String
  /// A pretrained model's name, or the path of a file.
  package var location: String
  /// The model's task, where it is known before the file is read: the model is then read when it is first asked for.
  package var task: ServedTask?

  package init(name: String, location: String, task: ServedTask? = nil) {
    (self.name, self.location, self.task) = (name, location, task)
  }

  /// What `-m` says: `LOCATION` or `NAME=LOCATION`. A file is called as it is without its ending, and the `model.onnx` of a run
  /// as the run's folder.
  package init(argument: String) {
    if let equals = argument.firstIndex(of: "="), !argument[..<equals].contains("/"),
      equals > argument.startIndex
    {
      self.init(
        name: String(argument[..<equals]), location: String(argument[argument.index(after: equals)...]))
      return
    }
    self.init(name: Self.name(of: argument), location: argument)
  }

  /// The models of a service that is given none, each read when it is first asked for.
  package static let standard = [
    ModelSource(name: "efficientnet-lite0", location: "efficientnet-lite0", task: .classification),
    ModelSource(name: "ssd-mobilenetv2", location: "ssd-mobilenetv2", task: .detection),
    ModelSource(name: "yunet", location: "yunet", task: .faces),
  ]

  /// The report that training has written beside the model; nil where there is none.
  var reportPath: String? {
    let folder: String
    if FileStatus.isFolder(location) {
      folder = location
    } else if location == "model.onnx" {
      folder = "."
    } else if location.hasSuffix("/model.onnx") {
      folder = String(location.dropLast("/model.onnx".count))
    } else {
      return nil
    }
    let path = "\(folder)/report.html"
    return FileStatus(path) == nil || FileStatus.isFolder(path) ? nil : path
  }

  private static func name(of location: String) -> String {
    let parts = location.split(separator: "/")
    guard let last = parts.last else { return location }
    if last == "model.onnx", parts.count > 1 { return String(parts[parts.count - 2]) }
    guard location.contains("/") || last.hasSuffix(".onnx"), let dot = last.lastIndex(of: "."),
      dot > last.startIndex
    else { return String(last) }
    return String(last[..<dot])
  }
}
