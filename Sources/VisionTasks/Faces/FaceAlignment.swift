package import VisionData
package import VisionImage
import VisionSystem
import VisionTensor

/// Where the five points of a face lie in an image that shows it upright and in a standard size.
package struct FaceAlignment: Sendable {
  /// The points' places as shares of the image's sides, in the order of `Face.points`; positions are those of edges.
  let template: [ImagePoint]
  /// What is added to the points of faces to make them positions of edges.
  let offset: Double

  /// That of networks that tell people apart: 112×112 pixels, as OpenCV's `FaceRecognizerSF::alignCrop` has it
  /// (modules/objdetect/src/face_recognize.cpp, of ArcFace). It takes the numbers of its template, and those that a detector gives,
  /// for pixels' middles.
  package static let recognition = FaceAlignment(
    template: [
      (38.2946, 51.6963), (73.5318, 51.5014), (56.0252, 71.7366), (41.5493, 92.3655), (70.7299, 92.2041),
    ].map { ImagePoint(x: ($0.0 + 0.5) / 112, y: ($0.1 + 0.5) / 112) }, offset: 0.5)

  /// The side of `recognition`'s images in pixels.
  package static let recognitionSide = 112

  /// That of images of expressions, as FER2013 has them: measured with YuNet on 401 of its faces, made symmetrical.
  package static let expression = FaceAlignment(
    template: [(0.31, 0.372), (0.69, 0.372), (0.5, 0.582), (0.343, 0.767), (0.657, 0.767)]
      .map { ImagePoint(x: $0.0, y: $0.1) }, offset: 0)

  /// The map by which the points come closest to the template's in an image of `side`×`side` pixels, in the sense of least
  /// squares: turned, scaled and moved, not mirrored (Umeyama, 1991). Nil where the points are not five or all in one place.
  package func map(from points: [ImagePoint], side: Int) -> AffineMap? {
    guard points.count == template.count, points.allSatisfy({ $0.x.isFinite && $0.y.isFinite }) else {
      return nil
    }
    let count = Double(points.count)
    let points = points.map { ImagePoint(x: $0.x + offset, y: $0.y + offset) }
    func middle(_ points: [ImagePoint]) -> ImagePoint {
      ImagePoint(
        x: points.reduce(0) { $0 + $1.x } / count, y: points.reduce(0) { $0 + $1.y } / count)
    }
    let (from, to) = (middle(points), middle(template))
    // As complex numbers, the factor that turns and scales is Σ conj(p)·q / Σ |p|².
    var (real, imaginary, square) = (0.0, 0.0, 0.0)
    for (point, target) in zip(points, template) {
      let (px, py) = (point.x - from.x, point.y - from.y)
      let (qx, qy) = (target.x - to.x, target.y - to.y)
      real += px * qx + py * qy
      imaginary += px * qy - py * qx
      square += px * px + py * py
    }
    let factor = Double(side)
    let (a, b) = (real / square * factor, imaginary / square * factor)
    guard square > 0, a.isFinite, b.isFinite, a * a + b * b > 1e-18 else { return nil }
    return AffineMap(
      a: a, b: -b, tx: to.x * factor - a * from.x + b * from.y, c: b, d: a,
      ty: to.y * factor - b * from.x - a * from.y)
  }

  /// The image with the face upright, of `side`×`side` pixels; nil where the points do not say how it lies.
  ///
  /// - Throws: `outOfMemory`.
  package func image(of points: [ImagePoint], in image: Image, side: Int) throws(ImageError) -> Image? {
    guard let map = map(from: points, side: side) else { return nil }
    return try image.warped(by: map, width: side, height: side)
  }

  /// The side at which a face keeps its size, within bounds.
  func naturalSide(of points: [ImagePoint], in bounds: ClosedRange<Int>) -> Int? {
    guard let map = map(from: points, side: 1) else { return nil }
    let scale = (map.a * map.a + map.c * map.c).squareRoot()
    return min(max(Int(saturating: (1 / scale).rounded()), bounds.lowerBound), bounds.upperBound)
  }
}
