public import ArgumentParser
public import VisionData
import VisionNet

/// How annotations are read.
struct AnnotationFlags: ParsableArguments {
  @Option(
    help: "The format to read if a folder has several. (default: detected)")
  var from: AnnotationFormat?

  @Option(
    help: """
      The pixels in which boxes of images turned by EXIF are; automatic goes by the sizes that the annotations \
      state.
      """)
  var frame = AnnotationFrame.automatic

  @OptionGroup var place: AnnotationsOption

  @Option(help: "Threads to use. (default: one per core)")
  var threads: Int?

  func validate() throws {
    guard threads.map({ (1...1024).contains($0) }) ?? true else {
      throw ValidationError("--threads must be from 1 to 1024")
    }
  }

  func read(_ data: String) throws(DatasetError) -> AnnotationSet {
    var options = place.options
    (options.format, options.frame) = (from, frame)
    return try AnnotationSet(data, options: options, threads: threads)
  }
}

extension AnnotationFormat: ExpressibleByArgument {}
extension AnnotationFrame: ExpressibleByArgument {}
extension ImagePlacement: ExpressibleByArgument {}
