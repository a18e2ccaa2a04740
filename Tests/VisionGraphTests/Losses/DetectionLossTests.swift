import Testing
import VisionTensor
import VisionTestSupport

@testable import VisionGraph

/// The loss of detectors against an independent computation with PyTorch 2.15 (float64, automatic differentiation; all
/// pairs of objects and places at once), its gradient against central differences, and its kernel.
@Suite struct DetectionLossTests {
  private static let grid = DetectionGrid(height: 24, width: 40, strides: [8, 16])
  /// The three best places for an object.
  private static let few = DetectionLoss(grid: grid, classes: 2, bins: 4, objects: 5, top: 3)
  /// More places than most objects have.
  private static let many = DetectionLoss(
    grid: grid, classes: 2, bins: 4, objects: 5, alpha: 0.5, beta: 2,
    comparison: .varifocal(weight: 0.75, gamma: 2), box: 2, distribution: 0.25)

  /// Two images of 21 places: numbers in −2..<2 without a regularity.
  private static let raw: Tensor = {
    let numbers: [Float] = (0..<2 * 21 * 18).map { Float($0 * 7919 % 1009) / 256 - 2 }
    return Tensor(numbers, shape: [2, 21, 18])
  }()

  /// Two objects that overlap, a box of which nothing is to be learned, an object smaller than a cell; then an object
  /// that fills its image and reaches beyond it, and one without an area.
  private static let objects = Tensor(
    [
      0, 3, 2, 30, 20, 1, 10, 6, 26, 22, -2, 28, 0, 40, 12, 1, 33, 17, 37, 20, -1, -1, -1, -1, -1,
      1, -4, -3, 44, 30, 0, 5, 5, 5, 9, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, -1, 7, 7, 9, 9,
    ] as [Float], shape: [2, 5, 5])

  private func check(_ loss: DetectionLoss, losses: [Double], divisor: Double, gradient: [Double]) throws {
    let (raw, objects) = (Self.raw.converted(to: .float64), Self.objects.converted(to: .float64))
    let terms = try loss.terms(raw, objects, nil)
    func close(_ a: Double, _ b: Double) -> Bool { (a - b).magnitude <= 1e-9 * max(1, b.magnitude) }
    #expect(zip(terms.losses, losses).allSatisfy { close($0, $1) }, "\(terms.losses)")
    #expect(terms.losses.count == losses.count && close(terms.divisor, divisor), "\(terms.divisor)")
    let value = try loss.evaluate([raw, objects])[0].doubles[0]
    #expect(close(value, losses.reduce(0, +) / divisor))
    let one = Tensor(scalar: Double(1))
    let derivatives = try LossGradient(loss).evaluate([one, raw, objects])[0].doubles
    // Sums of all derivatives with different weights.
    for (factor, sum) in zip([31, 45, 77], gradient) {
      let found = derivatives.enumerated().reduce(0.0) { total, item in
        total + Double(item.offset * factor % 17 - 8) * item.element
      }
      #expect(close(found, sum), "\(found)")
    }
  }

  @Test func agreesWithPyTorch() throws {
    try check(
      Self.few, losses: [33.704386885676584, 37.080979638414995], divisor: 2.003944317429339,
      gradient: [0.7354252517300959, -0.37952702519402526, -5.6374195770352005])
    try check(
      Self.many, losses: [13.72259974037985, 14.491539265543848], divisor: 4.813904009467867,
      gradient: [-1.1080983079103768, -0.6935055688568433, -0.8154008220984379])
  }

  @Test func assignsPlacesToObjects() throws {
    let assignments = try Self.few.images(Self.raw, Self.objects).map { TaskAlignedAssignment($0) }
    let owners = assignments.map { assignment in
      assignment.objects.enumerated().compactMap { place, object in object.map { [place, $0] } }
    }
    #expect(owners[0] == [[2, 0], [6, 0], [7, 0], [11, 1], [14, 3]])
    #expect(owners[1] == [[3, 0], [7, 0], [15, 0]])
    #expect(assignments.map { $0.isIgnored.count { $0 } } == [1, 0])
  }

  /// Central differences in each number, with the assignment and the qualities held fixed.
  @Test func givesTheGradient() throws {
    for loss in [Self.few, Self.many] {
      let objects = Self.objects.converted(to: .float64)
      let images = try loss.images(Self.raw, objects)
      let assignments = images.map { TaskAlignedAssignment($0) }
      let derivatives = loss.terms(images, assignments).derivatives
      let step = 0x1p-12
      for position in derivatives.indices {
        let image = position / (21 * 18)
        let moved = [-step, step].map { change in
          var raw = images[image].raw
          raw[position] += change
          let other = DetectionImage(
            loss: loss, places: images[image].places, objects: images[image].objects, raw: raw,
            start: images[image].start)
          var unused = derivatives
          return other.loss(assignments[image], &unused)
        }
        let difference = (moved[1] - moved[0]) / (2 * step)
        #expect((difference - derivatives[position]).magnitude < 1e-6, "\(position): \(difference)")
      }
    }
  }

  @Test func hasAKernel() throws {
    let g = Tensor(scalar: Float(0.7))
    var losses = [Self.few, Self.many]
    losses.append(Self.few)
    losses[2].reduction = .sum
    for loss in losses {
      try checkOperator(loss, [Self.raw, Self.objects], roundTrips: false)
      try checkOperator(LossGradient(loss), [g, Self.raw, Self.objects], roundTrips: false)
    }
    let odd = DetectionLoss(
      grid: DetectionGrid(height: 50, width: 33, strides: [4, 8, 16, 32]), classes: 5, bins: 7, objects: 3)
    let raw = Tensor(
      Philox(seed: 1).normal(count: 3 * odd.grid.count * 33), shape: [3, odd.grid.count, 33])
    let rows: [[Int]] = (0..<9).map { [$0 % 6 - 1, $0, 2 * $0, 13 + 2 * $0, 15 + 3 * $0] }
    let objects = Tensor(rows.joined().map { Float($0) }, shape: [3, 3, 5])
    try checkOperator(odd, [raw, objects], roundTrips: false)
    try checkOperator(LossGradient(odd), [g, raw, objects], roundTrips: false)
  }

  @Test func learnsNothingFromImagesWithoutObjects() throws {
    let none = Tensor(repeating: Float(-1), shape: [2, 5, 5])
    let terms = try Self.few.terms(Self.raw, none, nil)
    #expect(terms.divisor == 1)
    // Only scores are to sink.
    for (position, derivative) in terms.derivatives.enumerated() {
      #expect(position % 18 < 2 ? derivative > 0 : derivative == 0)
    }
  }

  @Test func refusesWhatDoesNotFit() throws {
    for label in [2, -3, 0.5, .nan] as [Float] {
      var rows = Self.objects.floats
      rows[25] = label
      let objects = Tensor(rows, shape: [2, 5, 5])
      #expect(throws: EvaluationError.self) { try Self.few.evaluate([Self.raw, objects]) }
    }
    let wrong: [[Fact?]] = [
      [Fact(.float32, [2, 20, 18]), Fact(.float32, [2, 5, 5])],
      [Fact(.float32, [2, 21, 17]), Fact(.float32, [2, 5, 5])],
      [Fact(.float32, [2, 21, 18]), Fact(.float32, [2, 4, 5])],
      [Fact(.float32, [2, 21, 18]), Fact(.float32, [1, 5, 5])],
      [Fact(.float32, [2, 21, 18]), Fact(.float64, [2, 5, 5])],
      [Fact(.float32, [2, 21, 18]), Fact(.float32, [2, 5, 5]), Fact(.float32, [2])],
    ]
    for facts in wrong { #expect(throws: ShapeError.self) { try Self.few.outputs(facts) } }
  }

  @Test func measuresBoxes() {
    let box = BoxSides(left: 0, top: 0, right: 4, bottom: 2)
    let other = BoxSides(left: 2, top: 0, right: 6, bottom: 2)
    #expect(box.overlap(other) == 4.0 / 12)
    #expect(abs(box.generalizedOverlap(other).value - 4.0 / 12) < 1e-15)
    // Apart: nothing is shared, and 4 of 20 pixels lie between.
    let far = BoxSides(left: 6, top: 0, right: 10, bottom: 2)
    #expect(box.overlap(far) == 0 && abs(box.generalizedOverlap(far).value + 0.2) < 1e-15)
    #expect(box.atLeast(3) == BoxSides(left: 0, top: -0.5, right: 4, bottom: 2.5))
  }
}
