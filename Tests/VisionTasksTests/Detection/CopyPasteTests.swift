import Testing
import VisionData
import VisionImage
import VisionSystem
import VisionTestSupport
import VisionTraining

@testable import VisionTasks

/// Objects that are cut out by their outlines and pasted into other images.
@Suite struct CopyPasteTests {
  private let points = [
    ImagePoint(x: 10, y: 8), ImagePoint(x: 34, y: 12), ImagePoint(x: 28, y: 40), ImagePoint(x: 16, y: 30),
  ]

  /// By how much a position is inside of the polygon, by the sides of its edges: it is convex. 0 is on an edge.
  private func depth(_ x: Double, _ y: Double) -> Double {
    zip(points, points.dropFirst() + [points[0]]).map { a, b in
      (b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x)
    }.min() ?? 0
  }

  private func isInside(_ x: Double, _ y: Double) -> Bool { depth(x, y) > 0 }

  private func pixels(_ mask: OutlineMask) -> Set<[Int]> {
    var found: Set<[Int]> = []
    for row in mask.rows {
      for column in mask.columns
      where mask.isInside[
        (row - mask.rows.lowerBound) * mask.columns.count + column - mask.columns.lowerBound]
      {
        found.insert([column, row])
      }
    }
    return found
  }

  /// A polygon and the mask of the same pixels, moved and enlarged.
  @Test func outlinesBecomePixels() throws {
    for map in [
      AffineMap.identity, AffineMap(a: 1.7, tx: -20, d: 1.3, ty: 5), AffineMap(a: 0.5, tx: 3, d: 0.4),
    ] {
      var (wanted, edges): (Set<[Int]>, Set<[Int]>) = ([], [])
      let back = map.inverse
      for row in 0..<48 {
        for column in 0..<48 {
          let source = back(x: Double(column) + 0.5, y: Double(row) + 0.5)
          let depth = depth(source.x, source.y)
          // A pixel whose center is on an edge belongs to either side.
          if abs(depth) < 1e-9 {
            edges.insert([column, row])
          } else if depth > 0 {
            wanted.insert([column, row])
          }
        }
      }
      let polygon = try #require(OutlineMask(.polygons([points]), map: map, width: 48, height: 48))
      let found = pixels(polygon)
      #expect(found.subtracting(edges) == wanted)
      #expect(edges.count < 10 && wanted.count > 20 * edges.count)
      #expect(polygon.count(in: Box(x: 0, y: 0, width: 48, height: 48)) == found.count)
      // Column by column, as COCO has them.
      var counts: [Int] = []
      var (run, isOn) = (0, false)
      for column in 0..<48 {
        for row in 0..<48 {
          if isInside(Double(column) + 0.5, Double(row) + 0.5) != isOn {
            counts.append(run)
            (run, isOn) = (0, !isOn)
          }
          run += 1
        }
      }
      let runs = try #require(RunLengthMask(width: 48, height: 48, counts: counts + [run]))
      let mask = try #require(OutlineMask(.mask(runs), map: map, width: 48, height: 48))
      var sampled: Set<[Int]> = []
      for row in 0..<48 {
        for column in 0..<48 {
          let source = back(x: Double(column) + 0.5, y: Double(row) + 0.5)
          let (x, y) = (source.x.rounded(.down) + 0.5, source.y.rounded(.down) + 0.5)
          if (0..<48).contains(x), (0..<48).contains(y), isInside(x, y) { sampled.insert([column, row]) }
        }
      }
      #expect(pixels(mask) == sampled)
    }
    #expect(
      OutlineMask(.polygons([points]), map: AffineMap(tx: 100), width: 48, height: 48) == nil)
  }

  /// Gray images, of which the last has a green polygon.
  private func samples(_ folder: SampleFolder, paste: Double, crowd: Bool = false) throws -> BoxSamples {
    var images: [AnnotatedImage] = []
    for index in 0..<3 {
      let isLast = index == 2
      let image = try Image(width: 48, height: 48) { pixels in
        for position in pixels.indices {
          let (column, row) = (position / 3 % 48, position / 3 / 48)
          let isGreen = isLast && isInside(Double(column) + 0.5, Double(row) + 0.5)
          pixels[position] = isGreen ? (position % 3 == 1 ? 250 : 0) : 100
        }
      }
      try folder.write(image.pngData(), to: "\(index).png")
      let object = AnnotatedObject(
        label: 1, box: Box(x: 10, y: 8, width: 24, height: 32), outline: .polygons([points]),
        marks: crowd ? [.crowd] : [])
      // What will lie below it, and what will not.
      let own = [Box(x: 14, y: 14, width: 10, height: 10), Box(x: 0, y: 40, width: 8, height: 8)].map {
        AnnotatedObject(label: 0, box: $0)
      }
      images.append(
        AnnotatedImage(
          name: "\(index).png", path: folder.file("\(index).png"), width: 48, height: 48,
          objects: isLast ? [object] : own))
    }
    return try BoxSamples(
      images, preprocessing: Preprocessing(width: 48, height: 48, fit: .squash, scale: [1, 1, 1]),
      augmentation: BoxAugmentation(paste: paste))
  }

  @Test func anObjectIsPastedAsItIs() throws {
    let folder = try SampleFolder()
    let samples = try samples(folder, paste: 1)
    #expect(samples.outlined == [2])
    var counts = (pasted: 0, plain: 0)
    for epoch in 0..<12 {
      let key = AugmentationKey(seed: 3, epoch: epoch, sample: 0)
      let (image, truth) = try samples.augmented(key)
      let again = try samples.augmented(key)
      #expect(again.image == image && again.truth == truth)
      guard truth.objects.count == 3 else {
        counts.plain += 1
        #expect(truth.objects.count == 2 && image.pixels.allSatisfy { $0 == 100 })
        continue
      }
      counts.pasted += 1
      #expect(truth.objects[2].box == Box(x: 10, y: 8, width: 24, height: 32) && truth.objects[2].index == 1)
      // What it hides is neither learned nor background.
      #expect(truth.objects.map(\.isIgnored) == [true, false, false])
      for row in 0..<48 {
        for column in 0..<48 {
          let green = image.pixels[(row * 48 + column) * 3 + 1]
          #expect((green == 250) == isInside(Double(column) + 0.5, Double(row) + 0.5))
        }
      }
    }
    // About half of the objects are taken.
    #expect(counts.pasted > 1 && counts.plain > 1)
    #expect(BoxSamples.capacity(samples.images, samples.augmentation) >= 3)
  }

  @Test func nothingIsPastedWithoutOutlines() throws {
    let folder = try SampleFolder()
    #expect(throws: TrainingError.self) { try samples(folder, paste: 0.5, crowd: true) }
    #expect(try samples(folder, paste: 0, crowd: true).outlined.isEmpty)
    // Not pasting leaves samples as they were.
    let none = try samples(folder, paste: 0)
    #expect(none.augmentation == .none)
  }
}
