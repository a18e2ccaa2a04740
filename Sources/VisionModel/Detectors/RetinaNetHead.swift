import VisionGraph
import VisionImage
import VisionTensor

/// torchvision's RetinaNet without its selection: the logits N×A×K of the classes and the codes N×A×4 of boxes for nine
/// anchors a cell of the strides 8 to 128.
struct RetinaNetHead: DetectorHead {
  static let kind = DetectorKind.retinanet
  private static let anchorsPerCell = 9
  private let outputs: BoxesAndClasses

  static func find(in view: DetectorView) -> RetinaNetHead? {
    BoxesAndClasses(view, count: anchorsPerCell * TorchvisionLevels.count(view)).map {
      RetinaNetHead(outputs: $0)
    }
  }

  var evidence: String { "classes and boxes of nine anchors for each cell of the strides 8 to 128" }
  var convention: DetectorConvention { .torchvision }

  func decode(_ view: DetectorView, _ builder: HeadBuilder) throws(GraphError) -> DecodedOutputs {
    let codes = AnchorCodes(anchors: Self.anchors(view))
    let classes = try builder.value(outputs.classes)
    let areProbabilities = OutputTrace(view.graph, outputs.classes.value).hasSigmoid
    return DecodedOutputs(
      boxes: try codes.decode(builder.value(outputs.boxes), builder),
      scores: areProbabilities ? classes : try builder.apply(Sigmoid(), classes))
  }

  /// Three shapes (twice as wide as high, square, twice as high as wide) in three sizes each, with whole half sides.
  private static func anchors(_ view: DetectorView) -> [Float] {
    var shapes: [[Float]] = []
    for stride in TorchvisionLevels.strides {
      let side = Double(4 * stride)
      let sizes = [
        side, (side * 1.2599210498948732).rounded(.down), (side * 1.5874010519681994).rounded(.down),
      ]
      var level: [Float] = []
      for ratio in [0.5, 1, 2] {
        let height = Float(ratio).squareRoot()
        for size in sizes {
          let (halfWidth, halfHeight) = (
            (1 / height * Float(size) / 2).rounded(.toNearestOrEven),
            (height * Float(size) / 2).rounded(.toNearestOrEven)
          )
          level += [2 * halfWidth, 2 * halfHeight]
        }
      }
      shapes.append(level)
    }
    var anchors: [Float] = []
    for cell in TorchvisionLevels(view).cells {
      for index in 0..<anchorsPerCell {
        anchors += [cell.x, cell.y] + shapes[cell.level][2 * index..<2 * index + 2]
      }
    }
    return anchors
  }
}

extension DetectorConvention {
  /// torchvision's: the whole image in the upper left corner, on a color that normalization makes about 0.
  static let torchvision = DetectorConvention(
    sizing: .fixed(open: 800),
    fit: .letterbox(fill: RGBColor(red: 124, green: 116, blue: 104), anchor: .topLeft), scale: 1.0 / 255,
    mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225], overlap: 0.5)
}
