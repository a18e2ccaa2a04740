import VisionCompute
import VisionGraph
import VisionModel
import VisionRuntime
import VisionSystem
import VisionTensor

/// The compiled stages of a program, by where they begin and what their values are like.
///
/// The number that is kept is bounded, for each beginning and in all, and so are the bytes of their memory. The one that
/// was used least recently is dropped first; the last one is kept whatever its size.
final class StageCache {
  private struct Place: Hashable {
    let body: ObjectIdentifier
    let start: Int
  }

  private let executor: Executor
  private let options: ProgramSession.Options
  private var stages: [Place: [Stage]] = [:]
  /// The number of stages that are kept.
  private(set) var count = 0
  private var byteCount = 0
  private var clock = 0
  /// Bytes of memory that kept stages may take.
  private let byteLimit = MachineMemory.limit / 4

  init(_ executor: Executor, _ options: ProgramSession.Options) {
    self.executor = executor
    self.options = options
  }

  /// The stage that begins at node `start` for the values of `scope`.
  ///
  /// - Parameter memoryLimit: bytes that a new one may take.
  func stage(_ scope: ProgramScope, from start: Int, memoryLimit: Int) throws(GraphError) -> Stage {
    let place = Place(body: ObjectIdentifier(scope.body), start: start)
    clock += 1
    let kept = stages[place] ?? []
    if let stage = kept.last(where: { $0.fits(scope) }) {
      stage.lastUse = clock
      return stage
    }
    let draft = try StageDraft(scope.body, from: start) { scope.source($0) }
    let stage = try Stage(
      draft, like: kept, on: executor, options, memoryLimit: memoryLimit, facts: draft.graph.inputFacts)
    stage.lastUse = clock
    if stage.isWorthKeeping { keep(stage, at: place) }
    return stage
  }

  private func keep(_ stage: Stage, at place: Place) {
    stages[place, default: []].append(stage)
    count += 1
    byteCount += stage.byteCount
    while stages[place, default: []].count > GraphLimits.keptStageForms { drop(leastRecentIn: [place]) }
    while count > 1, count > GraphLimits.keptStages || byteCount > byteLimit {
      drop(leastRecentIn: Array(stages.keys))
    }
  }

  private func drop(leastRecentIn places: [Place]) {
    var oldest: (place: Place, index: Int, stage: Stage)?
    for place in places {
      for (index, stage) in (stages[place] ?? []).enumerated()
      where oldest.map({ stage.lastUse < $0.stage.lastUse }) ?? true {
        oldest = (place, index, stage)
      }
    }
    guard let oldest else { return }
    stages[oldest.place]?.remove(at: oldest.index)
    count -= 1
    byteCount -= oldest.stage.byteCount
  }
}

extension Graph {
  /// The facts of the inputs, in their order.
  fileprivate var inputFacts: [Fact] { inputs.map { fact($0) } }
}
