import ArgumentParser
import VisionNet

/// `visionnet annotations`: files that say where objects are in images.
struct AnnotationsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "annotations",
    abstract: "Check annotations of objects in images, and convert them between formats.",
    discussion: """
      DATA is a folder with images and one kind of annotations, or a file of annotations: YOLO (data.yaml, or \
      classes.txt and a text file per image), COCO (JSON), Pascal VOC (XML files, ImageSets), CVAT for images \
      (XML), LabelMe (JSON files), Create ML (JSON), or a table with the columns \
      image,label,x,y,width,height (CSV).
      """,
    subcommands: [AnnotationsShow.self, AnnotationsConvert.self])
}
