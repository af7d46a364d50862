# Creates one booking customer with PowerShell 7.4 or later. NOT RUN: this repository's tests have no PowerShell.
#
# Usage: ./create-customer.ps1 KEY
# KEY is a UUID, another one for each customer. After a failure, run it again with the same KEY.
param([string]$Key)
$ErrorActionPreference = 'Stop'

# One line, and no position in the script as after a throw.
function Stop-WithMessage([string]$Message) {
    [Console]::Error.WriteLine($Message)
    exit 1
}

$attempts = 10
$baseUrl = $env:BOOKINGS_BASE_URL ?? 'http://127.0.0.1:3000'
$business = $env:BOOKINGS_BUSINESS ?? 'Contosolunchdelivery@contoso.onmicrosoft.com'
if (-not $Key) { Stop-WithMessage 'Usage: ./create-customer.ps1 KEY' }
if (-not $env:BOOKINGS_TOKEN) { Stop-WithMessage 'BOOKINGS_TOKEN is not set.' }

$request = @{
    Method             = 'Post'
    Uri                = "$baseUrl/v1.0/solutions/bookingBusinesses/$([uri]::EscapeDataString($business))/customers"
    Headers            = @{ Authorization = "Bearer $env:BOOKINGS_TOKEN"; 'Idempotency-Key' = $Key }
    ContentType        = 'application/json'
    Body               = @{ displayName = 'Joni Sherman'; emailAddress = 'jonis@relecloud.com' } | ConvertTo-Json
    SkipHttpErrorCheck = $true
    TimeoutSec         = 60
}
for ($attempt = 1; ; $attempt++) {
    $wait = [Math]::Min([Math]::Pow(2, $attempt - 1), 16)
    try {
        $response = Invoke-WebRequest @request
    }
    catch {
        if ($attempt -eq $attempts) { Stop-WithMessage "No answer: $($_.Exception.Message)" }
        Start-Sleep -Seconds $wait
        continue
    }
    if ($response.StatusCode -eq 201) {
        $response.Content
        return
    }
    $code = try { ($response.Content | ConvertFrom-Json).error.code } catch { 'UnknownError' }
    # A damaged record needs the operator of the proxy.
    $mayRepeat = -not "$($response.Content)".Contains('IdempotencyRecordDamaged') -and
        ($response.StatusCode -in 429, 502, 503, 504 -or $code -eq 'IdempotencyKeyInUse')
    if (-not $mayRepeat -or $attempt -eq $attempts) {
        Stop-WithMessage "$($response.StatusCode) $code, request-id $($response.Headers['request-id'])"
    }
    $retryAfter = "$($response.Headers['Retry-After'])"
    if ($retryAfter -match '^\d+$') { $wait = [int]$retryAfter }
    Start-Sleep -Seconds $wait
}
