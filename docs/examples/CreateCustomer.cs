// Creates one booking customer with .NET 8 or later. NOT RUN: this repository's tests have no .NET.
//
// Usage: put it into a console project as Program.cs, then: dotnet run KEY
// KEY is a UUID, another one for each customer. After a failure, run it again with the same KEY.
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

const int Attempts = 10;
if (args.Length != 1) return Fail("Usage: dotnet run KEY");
var baseUrl = Environment.GetEnvironmentVariable("BOOKINGS_BASE_URL") ?? "http://127.0.0.1:3000";
var business = Environment.GetEnvironmentVariable("BOOKINGS_BUSINESS")
    ?? "Contosolunchdelivery@contoso.onmicrosoft.com";
var token = Environment.GetEnvironmentVariable("BOOKINGS_TOKEN");
if (string.IsNullOrEmpty(token)) return Fail("BOOKINGS_TOKEN is not set.");

using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(60) };
var url = $"{baseUrl}/v1.0/solutions/bookingBusinesses/{Uri.EscapeDataString(business)}/customers";
for (var attempt = 1; ; attempt++)
{
    var wait = TimeSpan.FromSeconds(Math.Min(Math.Pow(2, attempt - 1), 16));
    try
    {
        // A request cannot be sent twice, so each attempt has its own. The key is the same.
        using var request = new HttpRequestMessage(HttpMethod.Post, url);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Add("Idempotency-Key", args[0]);
        request.Content = JsonContent.Create(
            new { displayName = "Joni Sherman", emailAddress = "jonis@relecloud.com" });
        using var response = await http.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        if (response.StatusCode == HttpStatusCode.Created)
        {
            Console.WriteLine(body);
            return 0;
        }
        var code = CodeOf(body);
        // A damaged record needs the operator of the proxy.
        var mayRepeat = !body.Contains("IdempotencyRecordDamaged")
            && ((int)response.StatusCode is 429 or 502 or 503 or 504 || code == "IdempotencyKeyInUse");
        if (!mayRepeat || attempt == Attempts)
        {
            response.Headers.TryGetValues("request-id", out var ids);
            return Fail($"{(int)response.StatusCode} {code}, request-id {ids?.FirstOrDefault()}");
        }
        wait = response.Headers.RetryAfter?.Delta ?? wait;
    }
    catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
    {
        if (attempt == Attempts) return Fail($"No answer: {error.Message}");
    }
    catch (Exception error) when (error is FormatException or InvalidOperationException or NotSupportedException)
    {
        return Fail("BOOKINGS_BASE_URL, BOOKINGS_TOKEN or KEY is not valid.");
    }
    await Task.Delay(wait);
}

static int Fail(string message)
{
    Console.Error.WriteLine(message);
    return 1;
}

static string CodeOf(string body)
{
    try
    {
        using var json = JsonDocument.Parse(body);
        return json.RootElement.GetProperty("error").GetProperty("code").GetString() ?? "";
    }
    catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
    {
        return "UnknownError";
    }
}
