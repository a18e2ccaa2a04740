// Numbers instead of classes: what a penguin weighs, from its measures: Regression [PENGUINS.csv]
// The table is made by `visionnet datasets pull penguins`; without one, 200 birds are made up.
import Foundation
import VisionNet

/// Flipper, bill length and bill depth in millimeters, and the mass in grams.
typealias Bird = (measures: [Float], mass: Float)

/// The rows of the table in which nothing is missing.
func read(_ path: String) throws -> [Bird] {
  let lines = try String(contentsOfFile: path, encoding: .utf8).split(whereSeparator: \.isNewline)
  let titles = lines.first?.split(separator: ",").map(String.init) ?? []
  let columns = ["flipper_length_mm", "bill_length_mm", "bill_depth_mm", "body_mass_g"].compactMap {
    titles.firstIndex(of: $0)
  }
  return lines.dropFirst().compactMap { line in
    let fields = line.split(separator: ",", omittingEmptySubsequences: false)
    let numbers = columns.compactMap { $0 < fields.count ? Float(fields[$0]) : nil }
    return numbers.count == 4 ? (Array(numbers.prefix(3)), numbers[3]) : nil
  }
}

/// Birds that weigh about what their flippers and bills say.
func madeUp() -> [Bird] {
  let random = Philox(seed: 1).normal(count: 800)
  return (0..<200).map { index in
    let r = random[4 * index..<4 * index + 4].map { $0 }
    let (flipper, length, depth) = (200 + 14 * r[0], 44 + 5 * r[1], 17 + 2 * r[2])
    return ([flipper, length, depth], 4200 + 45 * (flipper - 200) + 20 * (depth - 17) + 250 * r[3])
  }
}

/// Numbers with mean 0 and deviation 1: networks learn best from such.
func scaled(_ values: [Float]) -> (values: [Float], mean: Float, deviation: Float) {
  let mean = values.reduce(0, +) / Float(values.count)
  let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(values.count)
  let deviation = max(square.squareRoot(), 1e-6)
  return (values.map { ($0 - mean) / deviation }, mean, deviation)
}

do {
  let birds = try CommandLine.arguments.dropFirst().first.map(read) ?? madeUp()
  guard birds.count >= 20 else {
    print("error: the table has \(birds.count) whole rows with these columns, too few to learn from")
    exit(1)
  }
  let columns = (0..<3).map { column in scaled(birds.map { $0.measures[column] }).values }
  let (masses, mean, deviation) = scaled(birds.map(\.mass))
  // Every fifth bird is not trained on, but judged by.
  func samples(_ isHeld: Bool) -> (x: Tensor, y: Tensor) {
    let rows = birds.indices.filter { $0.isMultiple(of: 5) == isHeld }
    return (
      Tensor(rows.flatMap { row in columns.map { $0[row] } }, shape: [rows.count, 3]),
      Tensor(rows.map { masses[$0] })
    )
  }
  let (training, held) = (samples(false), samples(true))

  let network = Sequential {
    Dense(16)
    ReLU()
    Dense(1)
  }
  var settings = TrainerSettings()
  settings.schedule = .cosine(0.01)
  settings.metrics = [ErrorMetric(.rootMeanSquare)]
  let fitted = try network.fit(
    training.x, training.y, epochs: 60, validation: (held.x, held.y), settings: settings)

  let error = Float(fitted.result.best?.score("rmse") ?? .nan) * deviation
  print("\(birds.count) birds of \(mean) g on average")
  print("always guessing the mean: \(deviation) g off; the network: \(error) g off")
  for (guess, truth) in zip(try fitted.predict(held.x).floats, held.y.floats).prefix(3) {
    print("guessed \((guess * deviation + mean).rounded()) g, is \((truth * deviation + mean).rounded()) g")
  }
} catch {
  print("error: \(error)")
  exit(1)
}
