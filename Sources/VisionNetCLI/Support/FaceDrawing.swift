import VisionData
import VisionImage
import VisionNet
import VisionReport
import VisionSystem
import VisionTasks

/// Draws faces into images or blurs them there, and cuts them out.
struct FaceDrawing: PredictionVisitor {
  private let flags: FaceDrawingFlags
  private let outputs: ImageOutputs

  /// Nil when neither is asked for.
  ///
  /// - Parameter options: how the images are read.
  init?(_ flags: FaceDrawingFlags, options: ImageOptions) throws(CommandError) {
    let folders = [flags.draw, flags.crops].compactMap(\.self)
    if folders.isEmpty { return nil }
    self.flags = flags
    outputs = try ImageOutputs(folders: folders, overwrites: flags.force, options: options)
  }

  func expect(_ path: FilePath) throws { try outputs.expect(path, in: flags.draw) }

  func visit(_ path: FilePath, _ image: Image, _ faces: [Face]) throws {
    let image = try outputs.whole(path, image)
    let stem = outputs.stem(of: path)
    if let folder = flags.draw {
      let drawn =
        flags.blur
        ? try image.blurred(faces.map { PixelRegion($0.box) }) : try image.marked(faces.map(\.mark))
      try outputs.write(drawn, to: folder, stem, madeOf: path)
    }
    guard let folder = flags.crops else { return }
    for (index, face) in faces.enumerated() {
      guard let part = try crop(face, image) else { continue }
      try outputs.write(part, to: folder, "\(stem)-\(index + 1)", madeOf: path)
    }
  }

  private func crop(_ face: Face, _ image: Image) throws -> Image? {
    flags.align ? try FaceDetector.aligned(face, in: image) : try image.cropped(to: PixelRegion(face.box))
  }
}

extension Face {
  /// How it is drawn.
  var mark: MarkedBox {
    let share = emotions?.shares.first.map { Double($0.probability) }
    let isKnown = emotions.map { !$0.isUnknown } ?? false
    // Slate where nobody can say.
    let color = isKnown ? emotions?.shares.first?.index ?? 0 : 19
    return MarkedBox(
      PixelRegion(box), label: share == nil ? "" : emotions?.label.escapingControls ?? "",
      detail: isKnown ? share.map { Numeral.fixed($0, 2) } ?? "" : "",
      color: ClassColors.color(of: emotions == nil ? 1 : color), points: points.map { ($0.x, $0.y) })
  }
}
