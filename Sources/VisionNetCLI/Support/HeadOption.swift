import ArgumentParser
import VisionCompute
import VisionModel
import VisionNet
import VisionTasks

/// The option that says what the outputs of a detector mean.
struct HeadOption: ParsableArguments {
  @Option(help: "What the outputs of a detector of others mean, if that is not recognized.")
  var head: DetectorKind?

  /// The detector in the file at `path`; nil where it is none, as far as can be known.
  ///
  /// - Parameter labels: the file with the names of its classes.
  func source(_ path: String, labels: String?) throws -> DetectorSource? {
    do {
      var model = try Model(contentsOf: path)
      if let labels { model.labels = try Labels.read(labels) }
      if head != nil || model.task == ObjectDetection.name {
        return .network(try DetectorNetwork(model, head: head))
      }
      return (try? DetectorNetwork(model)).map { .network($0) }
    } catch let error as FormatError {
      guard error.kind == .dataDependent else { throw error }
      return try DetectorSource(
        contentsOf: path, labels: labels.map { try Labels.read($0) }, head: head, on: Executor(threads: 1))
    }
  }
}
