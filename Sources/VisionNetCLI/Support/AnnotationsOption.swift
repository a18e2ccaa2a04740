import ArgumentParser
import VisionData
import VisionNet
import VisionTraining

/// The option that names the annotations of images, for commands whose data may be images with boxes.
struct AnnotationsOption: ParsableArguments {
  @Option(
    help: "The file or folder of annotations for the images in DATA. (default: found in DATA)",
    completion: .file())
  var annotations: String?

  /// How the annotations of the data are read.
  var options: AnnotationOptions { AnnotationOptions(annotations: annotations) }

  /// Whether the data are images with boxes: where annotations are named, or the task says so, or else by what the data are.
  ///
  /// - Throws: `CommandError` when annotations are named for another task.
  func areBoxes(_ data: String, task: TaskChoice?) throws(CommandError) -> Bool {
    guard annotations != nil else {
      return task == .detection || (task == nil && AnnotationSet.isFound(at: data))
    }
    guard task == nil || task == .detection else {
      throw CommandError(
        .usage, "--annotations is about boxes, which --task classification does not read",
        remedy: "omit one of them")
    }
    return true
  }
}
