import VisionData
import VisionImage
import VisionSystem
import VisionTensor
import VisionTraining

/// Makes augmented samples on a canvas. They follow from seed, epoch and sample alone. Only one thread may use it.
final class BoxComposer {
  private let source: BoxSamples
  private let augmentation: BoxAugmentation
  private let preprocessing: Preprocessing
  let canvas = AugmentationCanvas(showsObjectsOnce: true)
  /// What is blended with the sample, or pasted into it.
  private let other = AugmentationCanvas(showsObjectsOnce: true)

  /// The streams of random numbers of a sample.
  private enum Site: Int { case images, blended, blending, color, pasted }

  init(_ source: BoxSamples, _ augmentation: BoxAugmentation) {
    (self.source, self.augmentation, preprocessing) = (source, augmentation, source.preprocessing)
  }

  /// Makes a sample on the canvas.
  ///
  /// - Returns: its objects, in pixels of the canvas.
  /// - Throws: `TrainingError` with the file as place where an image cannot be read.
  func compose(_ key: AugmentationKey) throws(TrainingError) -> BoxTruth {
    func random(_ site: Site) -> AugmentationRandom { AugmentationRandom(key, site: site.rawValue) }
    var images = random(.images)
    let isMirrored = images.happens(augmentation.flip)
    var truth = try draw(key.sample, epoch: key.epoch, on: canvas, &images)
    if augmentation.paste > 0, key.epoch < augmentation.mixedEpochs {
      var pasted = random(.pasted)
      if pasted.happens(augmentation.paste) { truth = try paste(onto: truth, but: key.sample, &pasted) }
    }
    if augmentation.mixup > 0, key.epoch < augmentation.mixedEpochs, source.count > 1 {
      var (blended, blending) = (random(.blended), random(.blending))
      let partner = Self.another(than: key.sample, of: source.count, &blended)
      let more = try draw(partner, epoch: key.epoch, on: other, &blended)
      let share = BatchMixing.beta(augmentation.mixup, &blending)
      canvas.blend(with: other, share: share)
      truth = BoxTruth(Self.seen(truth, share) + Self.seen(more, 1 - share))
    }
    if isMirrored {
      canvas.flipHorizontally()
      truth = truth.placed(by: canvas.geometry)
    }
    var color = random(.color)
    augmentation.color?.apply(to: canvas, &color)
    return truth
  }

  /// Draws one image, or four around a point.
  private func draw(
    _ index: Int, epoch: Int, on canvas: AugmentationCanvas, _ random: inout AugmentationRandom
  ) throws(TrainingError) -> BoxTruth {
    let (width, height) = (preprocessing.width, preprocessing.height)
    do { try canvas.compose(for: preprocessing) } catch { throw TrainingError(error) }
    let isMosaic = random.happens(augmentation.mosaic) && epoch < augmentation.mixedEpochs && source.count > 1
    guard isMosaic else {
      return try place(index, augmentation.zoom, 0..<width, 0..<height, on: canvas, &random).truth
    }
    // Each image gets a part of the place, so that it is not enlarged as well.
    let zoom = augmentation.zoom.clamped(to: min(augmentation.zoom.lowerBound, 1)...1)
    func cut(_ side: Int) -> Int { Int(saturating: (Double(side) * random.uniform(in: 0.3...0.7)).rounded()) }
    let (x, y) = (cut(width), cut(height))
    var objects: [BoxTruth.Object] = []
    for (tile, (columns, rows)) in [
      (0..<x, 0..<y), (x..<width, 0..<y), (0..<x, y..<height), (x..<width, y..<height),
    ].enumerated() where !columns.isEmpty && !rows.isEmpty {
      let member = tile == 0 ? index : random.integer(below: source.count)
      objects += try place(member, zoom, columns, rows, on: canvas, &random).truth.objects
    }
    return BoxTruth(objects)
  }

  /// Draws an image at a random size and place in a part of the canvas.
  private func place(
    _ index: Int, _ zoom: ClosedRange<Double>, _ columns: Range<Int>, _ rows: Range<Int>,
    on canvas: AugmentationCanvas, _ random: inout AugmentationRandom
  ) throws(TrainingError) -> (truth: BoxTruth, map: AffineMap) {
    let sample = try source.sample(index)
    let image = sample.subject
    let fitted = preprocessing.geometry(width: image.wholeWidth, height: image.wholeHeight).map
    let size = exp(random.uniform(in: log(zoom.lowerBound)...log(zoom.upperBound)))
    let ratio = exp(random.uniform(in: -log(augmentation.stretch)...log(augmentation.stretch))).squareRoot()
    func side(_ length: Double) -> Int { min(max(Int(saturating: length.rounded()), 1), 1 << 15) }
    let width = side(Double(image.wholeWidth) * fitted.a * size * ratio)
    let height = side(Double(image.wholeHeight) * fitted.d * size / ratio)
    /// The edge of a length at a random place: inside of the range, or around it where it is longer.
    func edge(_ length: Int, _ range: Range<Int>) -> Int {
      let room = range.count - length
      let steps = random.integer(below: abs(room) + 1)
      return range.lowerBound + (room < 0 ? -steps : steps)
    }
    let (x, y) = (edge(width, columns), edge(height, rows))
    do {
      let map = try canvas.draw(
        image, width: width, height: height, x: x, y: y, columns: columns, rows: rows)
      let part = Box(
        x: Double(columns.lowerBound), y: Double(rows.lowerBound), width: Double(columns.count),
        height: Double(rows.count))
      return ((sample.truth ?? BoxTruth([])).placed(by: map, inside: part), map)
    } catch { throw TrainingError(error).at(sample.name) }
  }

  /// The part of an object that must be on the canvas for it to be pasted.
  private static let leastPasted = 0.3
  /// The part of a box from which on pasted objects hide what is in it, so that it is ignored.
  private static let hidden = 0.6

  /// Pastes some of the objects of another image, where they lie in that one as training would see it.
  private func paste(onto truth: BoxTruth, but sample: Int, _ random: inout AugmentationRandom)
    throws(TrainingError) -> BoxTruth
  {
    var index = source.outlined[random.integer(below: source.outlined.count)]
    if index == sample { index = source.outlined[random.integer(below: source.outlined.count)] }
    do { try other.compose(for: preprocessing) } catch { throw TrainingError(error) }
    let (width, height) = (preprocessing.width, preprocessing.height)
    let (_, map) = try place(index, augmentation.zoom, 0..<width, 0..<height, on: other, &random)
    var objects = truth.objects
    var covered = [Double](repeating: 0, count: objects.count)
    for object in source.images[index].objects {
      let isChosen = random.happens(0.5)
      guard isChosen, object.isLearned, let outline = object.outline else { continue }
      let hull = object.box.hull(after: map)
      guard let box = hull.clipped(width: Double(width), height: Double(height)),
        box.area >= Self.leastPasted * hull.area, min(box.width, box.height) >= BoxTruth.leastSide,
        let mask = OutlineMask(outline, map: map, width: width, height: height)
      else { continue }
      canvas.paste(other, columns: mask.columns, rows: mask.rows, where: mask.isInside)
      for earlier in objects.indices { covered[earlier] += Double(mask.count(in: objects[earlier].box)) }
      var pasted = BoxTruth.Object(object)
      pasted.box = box
      pasted.area = object.statedArea.map { $0 * abs(map.determinant) }
      objects.append(pasted)
      covered.append(0)
    }
    for index in objects.indices where covered[index] >= Self.hidden * objects[index].box.area {
      objects[index].isIgnored = true
    }
    return BoxTruth(objects)
  }

  private static func another(than index: Int, of count: Int, _ random: inout AugmentationRandom) -> Int {
    let other = random.integer(below: count - 1)
    return other < index ? other : other + 1
  }

  /// The objects of a blended image; those of which too little is to be seen are ignored.
  private static func seen(_ truth: BoxTruth, _ share: Double) -> [BoxTruth.Object] {
    truth.objects.map { object in
      var object = object
      if share < BoxTruth.leastPart { object.isIgnored = true }
      return object
    }
  }
}
