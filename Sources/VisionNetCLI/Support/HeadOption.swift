import ArgumentParser
import VisionModel
import VisionNet
import VisionTasks

/// The option that says what the outputs of a detector mean.
struct HeadOption: ParsableArguments {
  @Option(
    help: ArgumentHelp("What the outputs of a detector of others mean, if that is not recognized: \(heads)."))
  var head: DetectorKind?

  /// The names of the heads.
  static let heads = DetectorKind.allCases.map(\.rawValue).joined(separator: ", ")

  /// The detector in the file at `path`; nil where it is none, as far as can be known.
  ///
  /// - Parameter labels: the file with the names of its classes.
  func network(_ path: String, labels: String?) throws -> DetectorNetwork? {
    var model = try Model(contentsOf: path)
    if let labels { model.labels = try Labels.read(labels) }
    if head != nil || model.task == ObjectDetection.name { return try DetectorNetwork(model, head: head) }
    return try? DetectorNetwork(model)
  }
}
