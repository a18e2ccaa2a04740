public import VisionImage
import VisionSystem
import VisionTensor

/// Where in an image a network finds evidence for a class.
public struct HeatMap: Sendable, Hashable {
  /// Columns of the network's feature map.
  public let width: Int
  /// Rows of the network's feature map.
  public let height: Int
  /// The evidence for the class at each place, in units of the logit, row by row; negative evidence is
  /// against the class.
  public let evidence: [Float]
  /// How the image became the network's input.
  public let preprocessing: Preprocessing

  /// Precondition: there are width × height numbers.
  public init(width: Int, height: Int, evidence: [Float], preprocessing: Preprocessing) {
    precondition(width > 0 && height > 0 && evidence.count == width * height)
    self.width = width
    self.height = height
    self.evidence = evidence
    self.preprocessing = preprocessing
  }

  /// Whether no place has positive evidence for the class.
  public var isEmpty: Bool { !evidence.contains { $0 > 0 } }

  /// The image in gray, with color where there is evidence: the more, the lighter. Parts that the network
  /// does not see are dark.
  ///
  /// - Parameter image: the image, in its own or another size.
  /// - Throws: `outOfMemory`.
  public func overlay(on image: Image) throws(ImageError) -> Image {
    let geometry = preprocessing.geometry(width: image.width, height: image.height)
    let columns = (0..<image.width).map { column in
      Tap(geometry.map(x: Double(column) + 0.5, y: 0).x, of: geometry.input.width, onto: width)
    }
    let rows = (0..<image.height).map { row in
      Tap(geometry.map(x: 0, y: Double(row) + 0.5).y, of: geometry.input.height, onto: height)
    }
    let strongest = max(evidence.max() ?? 0, .leastNormalMagnitude)
    let shares = evidence.map { max(0, $0) / strongest }
    return try Image(width: image.width, height: image.height) { target in
      image.withUnsafePixels { source in
        var line = [Float](repeating: 0, count: width)
        for (row, vertical) in rows.enumerated() {
          for column in 0..<width {
            // The cubic overshoots, and the product of two negative values would be positive.
            line[column] = max(0, vertical.sum { shares[$0 * width + column] })
          }
          for (column, horizontal) in columns.enumerated() {
            let start = (row * image.width + column) * 3
            let isSeen = vertical.isInside && horizontal.isInside
            let heat = isSeen ? min(1, max(0, horizontal.sum { line[$0] })) : 0
            Self.paint(heat, isSeen, source, target, start)
          }
        }
      }
    }
  }

  private static func paint(
    _ heat: Float, _ isSeen: Bool, _ source: UnsafeBufferPointer<UInt8>,
    _ target: UnsafeMutableBufferPointer<UInt8>, _ start: Int
  ) {
    let (red, green, blue) = (Float(source[start]), Float(source[start + 1]), Float(source[start + 2]))
    let gray = (0.299 * red + 0.587 * green + 0.114 * blue) * (isSeen ? 0.9 : 0.4)
    // The darkest colors would look like shadows of the image.
    let color = ColorMap.color(0.25 + 0.75 * heat)
    let share = 0.75 * heat * (2 - heat)
    target[start] = UInt8(saturating: gray + (color.red - gray) * share + 0.5)
    target[start + 1] = UInt8(saturating: gray + (color.green - gray) * share + 0.5)
    target[start + 2] = UInt8(saturating: gray + (color.blue - gray) * share + 0.5)
  }

  /// The four cells of a feature map around a position, and their weights: the Catmull–Rom cubic, which
  /// interpolates the cells' values.
  private struct Tap {
    private let cells: (Int, Int, Int, Int)
    private let weights: (Float, Float, Float, Float)
    /// Whether the network sees the position.
    let isInside: Bool

    /// - Parameters:
    ///   - position: the position in the input.
    ///   - extent: the input's extent.
    ///   - count: the number of the feature map's cells, which divide the extent evenly.
    init(_ position: Double, of extent: Int, onto count: Int) {
      isInside = position >= 0 && position <= Double(extent)
      let place = min(max(position, 0), Double(extent)) * Double(count) / Double(extent) - 0.5
      let first = Int(saturating: place.rounded(.down))
      func cell(_ offset: Int) -> Int { min(max(first + offset, 0), count - 1) }
      cells = (cell(-1), cell(0), cell(1), cell(2))
      let t = Float(place - Double(first))
      let (t2, t3) = (t * t, t * t * t)
      weights = (
        0.5 * (-t + 2 * t2 - t3), 0.5 * (2 - 5 * t2 + 3 * t3), 0.5 * (t + 4 * t2 - 3 * t3), 0.5 * (t3 - t2)
      )
    }

    func sum(_ number: (Int) -> Float) -> Float {
      weights.0 * number(cells.0) + weights.1 * number(cells.1) + weights.2 * number(cells.2)
        + weights.3 * number(cells.3)
    }
  }
}
