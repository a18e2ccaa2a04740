package import VisionImage
import VisionSystem

/// The way from encoded images to records, the same for the command line and the service.
package enum ImageRecords {
  /// The outcome of each subject, in order: images are read one after the other, and the network runs on those that could be
  /// read together.
  ///
  /// - Parameters:
  ///   - record: the record of a prediction.
  /// - Throws: errors that are not an image's but the model's.
  package static func outcomes<Subject, Prediction: Sendable>(
    of subjects: [Subject], name: (Subject) -> String, read: (Subject) throws(ImageError) -> Image,
    predict: ([Image]) throws -> [Prediction], record: (Subject, Image, Prediction) throws -> Record
  ) throws -> [SubjectOutcome] {
    var decoded: [Result<(image: Image, seconds: Double), ImageError>] = []
    for subject in subjects {
      let start = POSIX.seconds
      do throws(ImageError) {
        let image = try read(subject)
        decoded.append(.success((image, POSIX.seconds - start)))
      } catch { decoded.append(.failure(error)) }
    }
    let images = decoded.compactMap { try? $0.get().image }
    let start = POSIX.seconds
    var answers = (try answers(images, predict))[...]
    let share = (POSIX.seconds - start) / Double(max(images.count, 1))
    return try zip(subjects, decoded).map { subject, result in
      switch result {
      case .failure(let error): return SubjectOutcome(name(subject), .failure(error))
      case .success(let (image, seconds)):
        switch answers.popFirst() {
        case .success(let prediction)?:
          return SubjectOutcome(
            name(subject),
            facts: [("width", .integer(image.wholeWidth)), ("height", .integer(image.wholeHeight))],
            .success(try record(subject, image, prediction)), milliseconds: (seconds + share) * 1000,
            damage: image.damage ?? image.warning)
        case .failure(let error)?: return SubjectOutcome(name(subject), .failure(error))
        case nil:
          return SubjectOutcome(
            name(subject), .failure(ImageError(.outOfMemory, "the network gave no answer")))
        }
      }
    }
  }

  /// An image that cannot be prepared, or for which the network gives no numbers, spoils its own record only; other errors are
  /// the model's.
  private static func answers<Prediction: Sendable>(
    _ images: [Image], _ predict: ([Image]) throws -> [Prediction]
  ) throws -> [SubjectOutcome.Answer<Prediction>] {
    if images.isEmpty { return [] }
    do {
      return try predict(images).map { .success($0) }
    } catch let error as any VisionError {
      let isOfTheImage = error is ImageError || error.cause is ImageError
      guard isOfTheImage || (error as? ClassifierError)?.kind == .notFinite else { throw error }
      if images.count > 1 { return try images.flatMap { try answers([$0], predict) } }
      return [.failure(error)]
    }
  }
}
