import VisionData
import VisionImage
import VisionNet
import VisionReport
import VisionSystem
import VisionTasks

/// Draws the objects that were found into images, and cuts them out.
struct DetectionDrawing: PredictionVisitor {
  private let flags: DrawingFlags
  private let outputs: ImageOutputs

  /// Nil when neither is asked for.
  ///
  /// - Parameter options: how the images are read.
  init?(_ flags: DrawingFlags, options: ImageOptions) throws(CommandError) {
    let folders = [flags.draw, flags.crops].compactMap(\.self)
    if folders.isEmpty { return nil }
    self.flags = flags
    outputs = try ImageOutputs(folders: folders, overwrites: flags.force, options: options)
  }

  func expect(_ path: FilePath) throws { try outputs.expect(path, in: flags.draw) }

  func visit(_ path: FilePath, _ image: Image, _ detections: [Detection]) throws {
    let image = try outputs.whole(path, image)
    let stem = outputs.stem(of: path)
    if let folder = flags.draw {
      try outputs.write(try image.marked(detections.map(\.mark)), to: folder, stem, madeOf: path)
    }
    guard let folder = flags.crops else { return }
    for (index, found) in detections.enumerated() {
      // A folder a class, as a set of images for classification has them.
      let target = "\(folder)/\(OutputNames.safe(found.label))"
      try OutputNames([], in: target).makeFolder()
      let part = try image.cropped(to: PixelRegion(found.box))
      try outputs.write(part, to: target, "\(stem)-\(index + 1)", madeOf: path)
    }
  }
}

extension PixelRegion {
  init(_ box: Box) { self.init(x: box.x, y: box.y, width: box.width, height: box.height) }
}

extension Detection {
  /// How it is drawn.
  var mark: MarkedBox {
    MarkedBox(
      PixelRegion(box), label: label.escapingControls, detail: Numeral.fixed(Double(score), 2),
      color: ClassColors.color(of: index), points: points.map { ($0.x, $0.y) })
  }
}
