import VisionRuntime
import VisionModel
import VisionCompute
import VisionNet
import VisionSystem

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Answers the requests of a benchmark that compares engines: one JSON object per line in, one per line out.
///
/// - `{"cmd":"load","model":…,"batch":…,"path":"….onnx","x":"….npy","y":"….npy"}` loads a model, runs it on x
///   and compares the result with y: `{"ok":1,"err":largest difference / largest |y|}`.
/// - `{"cmd":"run","secs":s}` runs it for s seconds: `{"ok":1,"med":seconds,"min":seconds,"n":calls}`.
/// - `{"cmd":"photos","model":…,"files":[…]}` reads photos into memory, for a pretrained model or a model
///   file.
/// - `{"cmd":"stream"}` classifies the photos one after another: `{"ok":1,"s":seconds per photo,"n":photos}`.
///
/// The answer to a request that fails is `{"ok":0,"msg":…}`.
struct BenchmarkWorker {
  private struct Request: Decodable {
    let cmd: String
    let model: String?
    let files: [String]?
    let batch: Int?
    let path: String?
    let x: String?
    let y: String?
    let secs: Double?
  }

  let executor: Executor
  /// The number format in which loaded networks multiply; photos are always classified in float32.
  var precision = ComputePrecision.float32

  /// Answers until the input ends.
  func serve() throws {
    let output = try Output()
    // A class, because a noncopyable value cannot be in an optional variable here.
    var loaded: Loaded?
    var stream: PhotoStream?
    while let line = readLine() {
      if line.allSatisfy(\.isWhitespace) { continue }
      let answer: JSON
      do {
        let request = try JSONDecoder().decode(Request.self, from: Data(line.utf8))
        switch request.cmd {
        case "load":
          loaded = nil
          let (model, error) = try load(request)
          loaded = model
          answer = ["ok": 1, "err": .number(error)]
        case "run":
          guard let loaded else { throw CommandError(.usage, "no model is loaded") }
          answer = try Self.times(loaded, seconds: request.secs ?? 1)
        case "photos":
          let (model, files) = (request.model ?? ModelLocator.standardModel, request.files ?? [])
          stream = try PhotoStream(model, files: files, threads: executor.threads)
          answer = ["ok": 1, "n": .integer(files.count)]
        case "stream":
          guard let stream else { throw CommandError(.usage, "no photos are loaded") }
          answer = ["ok": 1, "s": .number(try stream.seconds()), "n": .integer(stream.count)]
        default: throw CommandError(.usage, "unknown command '\(request.cmd)'")
        }
      } catch {
        answer = ["ok": 0, "msg": .string("\(error)")]
      }
      try output.writeLine(answer.text)
    }
  }

  private final class Loaded {
    var run: BenchmarkRun
    init(_ run: consuming BenchmarkRun) { self.run = run }
  }

  private func load(_ request: Request) throws -> (Loaded, Double) {
    guard let path = request.path, let x = request.x, let y = request.y else {
      throw CommandError(.usage, "load needs path, x and y")
    }
    let input = try NumPyArray.read(x)
    let expected = try NumPyArray.read(y).floats
    let network = try OnnxReader.read(path)
    guard let id = network.graph.inputs.first else {
      throw CommandError(.data, "the network has no input", place: path)
    }
    let graph = try network.graph.bound(to: [network.graph[id].name: input.shape])
    let loaded = Loaded(
      try BenchmarkRun(
        graph, parameters: network.parameters, executor: executor, precision: precision))
    let port = loaded.run.plan.inputs[0]
    guard input.elementType == port.fact.type, input.shape == port.fact.shape else {
      throw CommandError(.data, "x is \(input), but the network wants \(port.fact)", place: x)
    }
    loaded.run.fill(0, with: input)
    _ = try loaded.run.time()
    let result = loaded.run.output(0)
    guard result.count == expected.count else {
      throw CommandError(
        .data, "y has \(expected.count) numbers, the network gives \(result.count)", place: y)
    }
    let difference = zip(result, expected).reduce(Float(0)) { max($0, abs($1.0 - $1.1)) }
    let largest = expected.reduce(Float(0)) { max($0, abs($1)) }
    // The maximum above would ignore NaN.
    guard result.allSatisfy(\.isFinite) else {
      throw CommandError(.data, "the output is not finite", place: path)
    }
    return (loaded, Double(difference) / Double(max(largest, .leastNormalMagnitude)))
  }

  private static func times(_ loaded: Loaded, seconds: Double) throws -> JSON {
    _ = try loaded.run.time()
    var times: [Double] = []
    let start = POSIX.seconds
    repeat { times.append(try loaded.run.time()) } while POSIX.seconds - start < seconds || times.count < 2
    times.sort()
    let middle = times.count / 2
    let median = times.count % 2 == 1 ? times[middle] : (times[middle - 1] + times[middle]) / 2
    return ["ok": 1, "med": .number(median), "min": .number(times[0]), "n": .integer(times.count)]
  }
}
